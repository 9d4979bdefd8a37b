"""What Argo CD, Flux and Kubernetes say of manifests: each accepts what is right, and refuses what is broken."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from testbed.api import Api
from testbed.owners import NEW_GLOBBING, PROGRESSIVE_SYNCS, Generated, NotGenerated, objections

Argo = Callable[..., list[Generated]]

FINALIZER: Final = "resources-finalizer.argocd.argoproj.io"
REPOSITORY: Final = "https://git.example.com/network/policies.git"
SET: Final = """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: network-policies
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - git:
        repoURL: https://git.example.com/network/policies.git
        revision: main
        files:
          - path: values/*.yaml
  strategy:
    type: RollingSync
    deletionOrder: Reverse
    rollingSync:
      steps:
        - matchExpressions: [{key: from, operator: In, values: [values]}]
        - matchExpressions: [{key: from, operator: In, values: [namespaces]}]
  template:
    metadata:
      name: '{{ .networkPolicy.release.name }}'
      labels: {from: '{{ .path.basename }}'}
      annotations: {file: '{{ .path.path }} {{ .path.filename }} {{ trimSuffix ".yaml" .path.filename }}'}
    spec:
      project: default
      sources:
        - repoURL: https://git.example.com/network/policies.git
          targetRevision: main
          path: chart
          helm:
            releaseName: '{{ .networkPolicy.release.name }}'
            valueFiles: ['$values/{{ .path.path }}/{{ .path.filename }}']
        - repoURL: https://git.example.com/network/policies.git
          targetRevision: main
          ref: values
      destination:
        server: https://kubernetes.default.svc
        namespace: '{{ .networkPolicy.release.namespace }}'
      syncPolicy:
        automated: {prune: true, selfHeal: true}
"""
OCI_REPOSITORY: Final = """
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: service-egress, namespace: flux-system}
spec:
  interval: 10m
  url: oci://registry.example.com/charts/service-egress
  ref: {semver: 1.x}
  layerSelector: {mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip, operation: copy}
"""
HELM_RELEASE: Final = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: checkout-egress, namespace: shop}
spec:
  interval: 1h
  chartRef: {kind: OCIRepository, name: service-egress, namespace: flux-system}
  dependsOn: [{name: shop-baseline, namespace: network}]
  valuesFrom: [{kind: ConfigMap, name: checkout-egress}]
"""
CHART_IN_GIT: Final = """
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: checkout-egress, namespace: shop}
spec:
  interval: 1h
  chart:
    spec:
      chart: chart
      sourceRef: {kind: GitRepository, name: policies}
      reconcileStrategy: Revision
      valuesFiles: [chart/values.yaml, values/checkout.yaml]
"""
KUSTOMIZATION: Final = """
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: policies, namespace: flux-system}
spec:
  interval: 1h
  path: ./flux
  prune: true
  sourceRef: {kind: GitRepository, name: policies}
"""
APPLICATION: Final = """
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: checkout-egress, namespace: argocd}
spec:
  project: default
  source:
    repoURL: https://git.example.com/network/policies.git
    targetRevision: main
    path: chart
    helm: {valueFiles: [/values/checkout.yaml]}
  destination: {server: 'https://kubernetes.default.svc', namespace: shop}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A service and, one folder below, a namespace."""
    folder = tmp_path / "repository"
    _write_values(folder / "values" / "checkout.yaml", "checkout-egress")
    _write_values(folder / "values" / "namespaces" / "shop.yaml", "shop-baseline")
    return folder


def test_each_file_gives_an_application(argo: Argo, repository: Path, tmp_path: Path) -> None:
    made = {one.application["metadata"]["name"]: one.application for one in argo(_write(tmp_path), repository)}
    assert list(made) == ["checkout-egress", "shop-baseline"]
    checkout, shop = made.values()
    assert checkout["metadata"] == {
        "name": "checkout-egress",
        "namespace": "argocd",
        "labels": {"from": "values"},
        "annotations": {"file": "values checkout.yaml checkout"},
        "finalizers": [FINALIZER],
    }
    assert checkout["spec"] == {
        "project": "default",
        "sources": [
            {
                "repoURL": REPOSITORY,
                "targetRevision": "main",
                "path": "chart",
                "helm": {"releaseName": "checkout-egress", "valueFiles": ["$values/values/checkout.yaml"]},
            },
            {"repoURL": REPOSITORY, "targetRevision": "main", "ref": "values"},
        ],
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
        "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
    }
    assert shop["metadata"]["labels"] == {"from": "namespaces"}
    assert shop["metadata"]["annotations"] == {"file": "values/namespaces shop.yaml shop"}


@pytest.mark.parametrize(
    ("files", "options", "names"),
    [
        ("[{path: values/*.yaml}]", (), ["checkout-egress", "shop-baseline"]),
        ("[{path: values/*.yaml}]", (NEW_GLOBBING,), ["checkout-egress"]),
        ("[{path: values/**/*.yaml}]", (), ["shop-baseline"]),
        ("[{path: values/**/*.yaml}]", (NEW_GLOBBING,), ["checkout-egress", "shop-baseline"]),
        ("[{path: values/*.yaml}, {path: values/*/*.yaml, exclude: true}]", (), ["checkout-egress"]),
        ("[{path: values/*.yaml}, {path: values/*/*.yaml, exclude: true}]", (NEW_GLOBBING,), ["checkout-egress"]),
        ("[{path: values/*.yml}]", (), []),
    ],
)
def test_a_star_passes_slashes_unless_the_controller_is_told(
    argo: Argo, repository: Path, tmp_path: Path, files: str, options: tuple[str, ...], names: list[str]
) -> None:
    manifest = yaml.safe_load(SET)
    manifest["spec"]["generators"][0]["git"]["files"] = yaml.safe_load(files)
    made = argo(_write(tmp_path, yaml.safe_dump(manifest)), repository, *options)
    assert [one.application["metadata"]["name"] for one in made] == names


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("goTemplate: true", "goTemplates: true", 'unknown field "goTemplates"'),
        ("automated: {prune", "automatic: {prune", 'unknown field "automatic"'),
        ("release.namespace }}", "release.space }}", 'map has no entry for key "space"'),
        ("{{ .path.path }}", "{{ .path.path }", 'unexpected "}" in operand'),
        ("project: default", "project: other", 'appprojects.argoproj.io "other" not found'),
        ("kubernetes.default", "kubernetes.other", 'cluster "https://kubernetes.other.svc" not found'),
        ("name: '{{ .networkPolicy.release.name }}'", "name: policy", "duplicate name: policy"),
    ],
)
def test_what_the_controller_refuses(
    argo: Argo, repository: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in SET
    with pytest.raises(NotGenerated) as refused:
        argo(_write(tmp_path, SET.replace(old, new)), repository)
    assert message in refused.value.message


def test_a_rolling_sync_has_steps_and_goes_in_reverse(argo: Argo, repository: Path, tmp_path: Path) -> None:
    """With its setting; it takes over from automated sync."""
    _write_values(repository / "values" / "cart.yaml", "cart-egress")
    made = argo(_write(tmp_path), repository, PROGRESSIVE_SYNCS)
    turns = {one.application["metadata"]["name"]: (one.step, one.deletion) for one in made}
    assert turns == {"cart-egress": ("1", 2), "checkout-egress": ("1", 2), "shop-baseline": ("2", 1)}
    assert not any("syncPolicy" in one.application["spec"] for one in made)


@pytest.mark.parametrize(
    ("old", "new", "turns"),
    [
        ("deletionOrder: Reverse", "deletionOrder: AllAtOnce", [("1", 0), ("2", 0)]),
        # A misspelt order is no order, and no error.
        ("deletionOrder: Reverse", "deletionOrder: Reversed", [("1", 0), ("2", 0)]),
        # Without its finalizer the ApplicationSet is gone before the controller knows.
        (f"finalizers: [{FINALIZER}]", "labels: {}", [("1", 0), ("2", 0)]),
        ("values: [namespaces]", "values: [others]", [("1", 1), ("-1", 0)]),
        ("type: RollingSync", "type: AllAtOnce", [("", 0), ("", 0)]),
    ],
)
def test_what_has_no_order(
    argo: Argo, repository: Path, tmp_path: Path, old: str, new: str, turns: list[tuple[str, int]]
) -> None:
    assert old in SET
    made = argo(_write(tmp_path, SET.replace(old, new)), repository, PROGRESSIVE_SYNCS)
    assert [(one.step, one.deletion) for one in made] == turns


@pytest.mark.parametrize("text", [SET, APPLICATION, OCI_REPOSITORY, HELM_RELEASE, CHART_IN_GIT, KUSTOMIZATION])
def test_the_api_server_accepts_what_is_documented(api: Api, text: str) -> None:
    assert _errors(objections(api, yaml.safe_load(text))) == []


def test_the_api_server_accepts_what_the_controller_makes(
    api: Api, argo: Argo, repository: Path, tmp_path: Path
) -> None:
    for one in argo(_write(tmp_path), repository):
        assert objections(api, one.application) == [
            f'warning: metadata.finalizers: "{FINALIZER}": prefer a domain-qualified finalizer name including a path '
            "(/) to avoid accidental conflicts with other finalizer writers"
        ]


def test_only_missingkey_error_finds_a_missing_namespace(
    api: Api, argo: Argo, repository: Path, tmp_path: Path
) -> None:
    text = SET.replace("missingkey=error", "missingkey=default").replace("release.namespace", "release.space")
    for one in argo(_write(tmp_path, text), repository):
        assert one.application["spec"]["destination"]["namespace"] == "<no value>"
        assert _errors(objections(api, one.application)) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "message"),
    [
        (SET, "goTemplate: true", "goTemplates: true", 'unknown field "spec.goTemplates"'),
        (SET, "project: default", "# none", "spec.template.spec.project: Required value"),
        (APPLICATION, "valueFiles", "valuesFiles", 'unknown field "spec.source.helm.valuesFiles"'),
        (APPLICATION, "valueFiles: [/values/checkout.yaml]", "valueFiles: x", "must be of type array"),
        (APPLICATION, "name: checkout-egress", "name: Checkout", "Invalid value"),
        (OCI_REPOSITORY, "url: oci:", "url: https:", "should match '^oci://.*$'"),
        (OCI_REPOSITORY, "operation: copy", "operation: unpack", 'supported values: "extract", "copy"'),
        (HELM_RELEASE, "kind: OCIRepository", "kind: GitRepository", "Unsupported value"),
        (HELM_RELEASE, "chartRef:", "chartReference:", 'unknown field "spec.chartReference"'),
        (HELM_RELEASE, "interval: 1h", "interval: 1 h", "spec.interval"),
        (
            CHART_IN_GIT,
            "  chart:\n    spec:",
            "  chartRef: {kind: HelmChart, name: x}\n  chart:\n    spec:",
            "either chart",
        ),
        (KUSTOMIZATION, "prune: true", "# none", "spec.prune: Required value"),
        (KUSTOMIZATION, "kustomize.toolkit.fluxcd.io/v1\n", "kustomize.toolkit.fluxcd.io/v7\n", "v7: 404"),
        (KUSTOMIZATION, "kind: Kustomization", "kind: Kustomisation", "has no kind Kustomisation"),
    ],
)
def test_what_the_api_server_refuses(api: Api, text: str, old: str, new: str, message: str) -> None:
    assert old in text
    found = objections(api, yaml.safe_load(text.replace(old, new)))
    assert len(_errors(found)) == 1, found
    assert message in _errors(found)[0]


def _errors(found: list[str]) -> list[str]:
    return [one for one in found if one.startswith("error: ")]


def _write(folder: Path, text: str = SET) -> Path:
    path = folder / "applicationset.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _write_values(path: Path, release: str) -> None:
    values: dict[str, Any] = {"networkPolicy": {"release": {"name": release, "namespace": "shop"}, "egress": {}}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
