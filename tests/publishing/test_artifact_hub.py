"""What Artifact Hub shows of the charts: the annotations that it documents, complete.

Source: artifacthub.io/docs/topics/annotations/helm
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.licenses import canonicalize_license_expression

from support.helm_binaries import ROOT
from support.packages import CHARTS, chart_folder

PREFIX = "artifacthub.io/"
KEYS = {"alternativeName", "category", "changes", "containsSecurityUpdates", "images", "crds", "crdsExamples"}
KEYS |= {"license", "links", "maintainers", "operator", "operatorCapabilities", "prerelease", "recommendations"}
KEYS |= {"screenshots", "signKey"}
CATEGORIES = {"ai-machine-learning", "database", "integration-delivery", "monitoring-logging", "networking", "security"}
CATEGORIES |= {"storage", "streaming-messaging", "skip-prediction"}
KINDS = {"added", "changed", "deprecated", "removed", "fixed", "security"}
# What every chart has; signKey follows with the first key that signs a release.
COMPLETE = {"category", "changes", "containsSecurityUpdates", "license", "links"}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def annotations(chart: str) -> dict[str, str]:
    found: dict[str, str] = load(chart_folder(chart) / "Chart.yaml")["annotations"]
    assert all(isinstance(text, str) for text in found.values()), "Helm takes strings alone"
    return {key.removeprefix(PREFIX): text for key, text in found.items()}


@pytest.mark.parametrize("chart", CHARTS)
def test_annotations_are_those_of_artifact_hub(chart: str) -> None:
    found = annotations(chart)
    assert found.keys() <= KEYS
    assert found.keys() >= COMPLETE
    assert found["category"] in CATEGORIES
    assert found["containsSecurityUpdates"] in ("true", "false")
    assert canonicalize_license_expression(found["license"]) == found["license"]


@pytest.mark.parametrize("chart", CHARTS)
def test_changes_are_of_known_kinds(chart: str) -> None:
    changes = yaml.safe_load(annotations(chart)["changes"])
    assert changes
    for change in changes:
        assert change.keys() <= {"kind", "description", "links"}
        assert change["kind"] in KINDS
        assert isinstance(change["description"], str)
    has_security = any(change["kind"] == "security" for change in changes)
    assert annotations(chart)["containsSecurityUpdates"] == str(has_security).lower()


@pytest.mark.parametrize("chart", CHARTS)
def test_links_lead_to_what_is_here(chart: str) -> None:
    links = {link["name"]: link["url"] for link in yaml.safe_load(annotations(chart)["links"])}
    assert links.keys() >= {"support", "Documentation", "Changes"}
    for url in links.values():
        assert url.startswith("https://github.com/egressc/egressc/")
        path, _, heading = url.partition("/blob/main/")[2].partition("#")
        assert (ROOT / path).exists()
        assert not heading or re.search(
            rf"^#+ {heading}$", (ROOT / path).read_text("utf-8"), re.MULTILINE | re.IGNORECASE
        )


def test_images_are_those_of_the_values() -> None:
    images = yaml.safe_load(annotations("service-policy")["images"])
    assert [it["image"] for it in images] == [load(ROOT / "values.yaml")["networkPolicy"]["probe"]["image"]]
    assert [chart for chart in CHARTS if "images" in annotations(chart)] == ["service-policy"]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_says_what_a_page_about_it_needs(chart: str) -> None:
    folder = chart_folder(chart)
    described = load(folder / "Chart.yaml")
    assert {"description", "home", "icon", "keywords", "maintainers", "sources"} <= described.keys()
    assert (ROOT / described["icon"].partition("/main/")[2]).is_file()
    assert (folder / "README.md").read_text("utf-8").startswith("# ")


def test_the_repository_has_the_metadata_that_artifact_hub_reads() -> None:
    """Source: docs/metadata/artifacthub-repo.yml of Artifact Hub."""
    metadata = load(ROOT / "artifacthub-repo.yml")
    assert metadata.keys() <= {"repositoryID", "owners", "ignore"}
    (maintainer,) = load(ROOT / "Chart.yaml")["maintainers"]
    for owner in metadata["owners"]:
        assert owner.keys() == {"name", "email"}
        assert owner["name"] == maintainer["name"]
        assert re.fullmatch(r"\S+@\S+\.\S+", owner["email"])
    assert "artifacthub-repo.yml:application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml" in (
        ROOT / "CONTRIBUTING.md"
    ).read_text("utf-8")
