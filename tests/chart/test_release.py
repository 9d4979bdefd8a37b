"""Values say which release they are for; in another one, or once that is gone from them, nothing renders.

Each way leaves the service without a policy of its own, which Helm alone would call a success.
"""

from pathlib import Path

import pytest
import yaml

from support.chart_samples import COMPILED, released
from support.helm_engines import Binary, Engine, HelmFailed, Values

ORDERS = released(COMPILED, "orders", "shop")
NO_RELEASE = (
    "networkPolicy.release: is missing; add a values file that `egressc compile` wrote, or write name and namespace "
    "of the release"
)
NO_SELECTOR = "networkPolicy.podSelector: is missing; write matchLabels that only this service's pods have"
EMPTY_SELECTOR = (
    "networkPolicy.podSelector: is empty, which selects every pod of the namespace; "
    "write matchLabels that only this service's pods have"
)
OTHER_NAMESPACE = (
    "networkPolicy.release.namespace: these values are for the namespace shop, but a policy in default protects none "
    "of its pods; install with --namespace shop, or write default in another values file"
)
OTHER_NAME = (
    'networkPolicy.release.name: these values are for the release "orders", but this one is web; '
    "install it as orders, or write web in another values file"
)

# What an overlay takes away: the argument of `--set`, and the same as a values file.
OVERLAYS: dict[str, tuple[Values, list[str]]] = {
    "networkPolicy=null": ({"networkPolicy": None}, [NO_RELEASE, NO_SELECTOR]),
    "networkPolicy.release=null": ({"networkPolicy": {"release": None}}, [NO_RELEASE]),
    "networkPolicy.podSelector=null": ({"networkPolicy": {"podSelector": None}}, [NO_SELECTOR]),
    "networkPolicy.release=null,networkPolicy.podSelector=null": (
        {"networkPolicy": {"release": None, "podSelector": None}},
        [NO_RELEASE, NO_SELECTOR],
    ),
    "networkPolicy.podSelector.matchLabels=null": (
        {"networkPolicy": {"podSelector": {"matchLabels": None}}},
        [EMPTY_SELECTOR],
    ),
    "networkPolicy.release.namespace=null": (
        {"networkPolicy": {"release": {"namespace": None}}},
        ["networkPolicy.release.namespace: is missing; write the namespace of the release"],
    ),
}


def problems_of(failed: pytest.ExceptionInfo[HelmFailed]) -> set[str]:
    return set(failed.value.problems)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_an_overlay_takes_away_is_asked_for(engine: Engine, root_chart: Path, overlay: str) -> None:
    with pytest.raises(HelmFailed):
        engine.template(root_chart, ORDERS, OVERLAYS[overlay][0], release="orders", namespace="shop")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_so_it_is_on_the_command_line_and_without_schemas(helm: Binary, root_chart: Path, overlay: str) -> None:
    command = ["template", "orders", str(root_chart), "--namespace", "shop", *helm.files(ORDERS)]
    assert "kind: NetworkPolicy" in helm.run(*command)
    with pytest.raises(HelmFailed):
        helm.run(*command, "--set", overlay)
    with pytest.raises(HelmFailed) as failed:
        helm.run(*command, "--set", overlay, "--skip-schema-validation")
    assert problems_of(failed) == set(OVERLAYS[overlay][1])


@pytest.mark.parametrize("overlay", [name for name in OVERLAYS if "podSelector" in name and "release" not in name])
def test_a_chart_of_ones_own_asks_for_the_selector_too(helm: Binary, plain_chart: Path, overlay: str) -> None:
    command = ["template", "any", str(plain_chart), "--namespace", "shop", *helm.files(ORDERS), "--set", overlay]
    with pytest.raises(HelmFailed):
        helm.run(*command)
    with pytest.raises(HelmFailed) as failed:
        helm.run(*command, "--skip-schema-validation")
    assert problems_of(failed) == set(OVERLAYS[overlay][1])


def test_another_namespace_is_refused_by_every_chart(engine: Engine, plain_chart: Path, root_chart: Path) -> None:
    for chart in (plain_chart, root_chart):
        with pytest.raises(HelmFailed) as failed:
            engine.template(chart, ORDERS, release="orders", namespace="default")
        assert failed.value.problems == [OTHER_NAMESPACE]


def test_the_values_for_another_environment_name_its_namespace(engine: Engine, root_chart: Path) -> None:
    staging = {"networkPolicy": {"release": {"namespace": "shop-staging"}}}
    text = engine.template(root_chart, ORDERS, staging, release="orders", namespace="shop-staging")
    assert yaml.safe_load(text)["metadata"]["namespace"] == "shop-staging"


def test_another_name_is_refused_by_the_chart_of_one_service(
    engine: Engine, plain_chart: Path, root_chart: Path
) -> None:
    with pytest.raises(HelmFailed) as failed:
        engine.template(root_chart, ORDERS, release="web", namespace="shop")
    assert failed.value.problems == [OTHER_NAME]
    override = {"networkPolicy": {"release": {"name": "web"}}}
    assert "  name: web\n" in engine.template(root_chart, ORDERS, override, release="web", namespace="shop")
    assert "  name: web\n" in engine.template(plain_chart, ORDERS, release="web", namespace="shop")


def test_a_policy_that_is_switched_off_asks_for_nothing(engine: Engine, root_chart: Path) -> None:
    off = {"networkPolicy": {"enabled": False}}
    assert engine.template(root_chart, ORDERS, off, release="orders", namespace="shop").strip() == ""
