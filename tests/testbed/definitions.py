"""Custom resources of Argo CD, Flux and kinds of policies, registered by a test: copied by `make testbed`, or from
`kinds/` where they are in no Go module.
"""

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from testbed.api import Api, Object, Refused
from testbed.processes import NotReady
from testbed.programs import MODULES, cache

_PATH: Final = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_WAIT_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Published:
    """Custom resources as their owner publishes them: files of one module, which a folder of `go/` pins."""

    folder: str
    module: str
    files: str


PUBLISHED: Final = (
    Published("applicationset", "github.com/argoproj/argo-cd/v3", "manifests/crds/*-crd.yaml"),
    Published("flux", "github.com/fluxcd/helm-controller", "config/crd/bases/*.yaml"),
    Published("flux", "github.com/fluxcd/kustomize-controller", "config/crd/bases/*.yaml"),
    Published("flux", "github.com/fluxcd/source-controller", "config/crd/bases/*.yaml"),
    Published("cilium", "github.com/cilium/cilium", "pkg/k8s/apis/cilium.io/client/crds/v2/*networkpolicies.yaml"),
    Published(
        "policy-kinds", "github.com/GoogleCloudPlatform/gke-networking-api", "config/crds/*_fqdnnetworkpolicies.yaml"
    ),
    Published(
        "policy-kinds", "sigs.k8s.io/network-policy-api", "config/crd/experimental/*_clusternetworkpolicies.yaml"
    ),
    Published("admin-policies", "sigs.k8s.io/network-policy-api", "config/crd/standard/*adminnetworkpolicies.yaml"),
    Published("istio", "istio.io/istio", "manifests/charts/base/files/crd-all.gen.yaml"),
    Published("istio", "sigs.k8s.io/gateway-api", "config/crd/standard/*_gateways.yaml"),
)
OWN: Final = Path(__file__).parent / "kinds"
CALICO: Final = Path(os.environ.get("EGRESSC_CALICO_KINDS") or Path(__file__).parents[3] / "shared" / "crds")
"""Where a machine has Calico's own, as calico_*.yaml: a folder next to that of the project, which carries none of them,
or the one that EGRESSC_CALICO_KINDS names.
"""


def folder() -> Path:
    return cache() / "definitions"


def stamp() -> Path:
    return cache() / "stamps" / "definitions"


def wanted() -> str:
    """What the stamp of up-to-date copies says: a digest of the pinned versions."""
    pinned = [(MODULES / one.folder / "go.mod").read_text("utf-8") for one in PUBLISHED]
    return hashlib.sha256(repr((PUBLISHED, pinned)).encode()).hexdigest()


def are_copied() -> bool:
    return stamp().exists() and stamp().read_text("utf-8") == wanted()


def of_calico() -> list[Path]:
    """Empty where the machine has none."""
    return sorted(CALICO.glob("calico_*.yaml"))


def register(api: Api, *more: Path) -> None:
    """Make them known to an API server, with those of more files. Raises NotReady where it does not serve one soon."""
    found = [
        definition
        for path in sorted([*folder().glob("*.yaml"), *OWN.glob("*.yaml"), *more])
        for definition in yaml.load_all(path.read_bytes(), yaml.CSafeLoader)
        if definition
    ]
    for definition in found:
        api.post(_PATH, definition)
    end = time.monotonic() + _WAIT_SECONDS
    for definition in found:
        while not _is_served(api, definition):
            if time.monotonic() > end:
                raise NotReady(f"{definition['metadata']['name']} is not served after {_WAIT_SECONDS:.0f} s")
            time.sleep(0.05)


def _is_served(api: Api, definition: Object) -> bool:
    spec = definition["spec"]
    versions = [version["name"] for version in spec["versions"] if version["served"]]
    return all(_serves(api, f"/apis/{spec['group']}/{version}", spec["names"]["plural"]) for version in versions)


def _serves(api: Api, path: str, plural: str) -> bool:
    try:
        return any(resource["name"] == plural for resource in api.get(path)["resources"])
    except Refused as error:
        if error.status != 404:
            raise
        return False
