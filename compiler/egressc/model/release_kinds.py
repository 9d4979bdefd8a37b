"""The kinds of Helm releases, one for each chart. What depends on the kind of a release is a field here.

The model of its values is in `contract.schemas`, and the chart itself where `helm.chart` finds it by name.
"""

from dataclasses import dataclass
from posixpath import dirname
from typing import Final


@dataclass(frozen=True, slots=True)
class ReleaseKind:
    """What the releases of one chart have in common.

    Helm's releases are named within their namespace, and each namespace has one with the name of the chart; those of
    services have the ids of these.

    Attributes:
        name: what one release is for; schemas and exported resources are named so.
        option: what the option of `egressc chart` for the chart is called; that of services needs none.
        contents: what its releases are for, in words for people.
        chart: the name of the chart.
        id: the id of the release, if there is only one. It is installed before all others and removed last.
        folder: where the values files are, within the folder of all of them. Ids begin with it.
        marker: a key of `networkPolicy` that all values of this kind have, and of no other kind. A namespace has none.
        wave: when Argo CD applies manifests; what needs no order has 0.
    """

    name: str
    option: str
    contents: str
    chart: str
    id: str = ""
    folder: str = ""
    marker: str = ""
    wave: int = 0

    @property
    def schema(self) -> str:
        """The JSON Schema of values files, from the root of the repository."""
        return f"schemas/{self.name}-values.schema.json"

    @property
    def is_of_cluster(self) -> bool:
        """Whether its only release is for the whole cluster."""
        return bool(self.id)


def _of_cluster(name: str, option: str, contents: str, chart: str, id: str, marker: str) -> ReleaseKind:
    return ReleaseKind(name, option, contents, chart, id, dirname(id), marker, wave=-1)


SERVICES: Final = ReleaseKind("service", "", "services", "service-policy", marker="podSelector")
NAMESPACES: Final = ReleaseKind(
    "namespace", "namespaces", "the baselines of namespaces", "namespace-policy", folder="namespaces", wave=1
)
GUARDRAILS: Final = _of_cluster(
    "guardrail", "guardrails", "the policies of the cluster", "guardrail-policy", "cluster/guardrails", "apiVersion"
)
EGRESS_GATEWAY: Final = _of_cluster(
    "gateway", "gateway", "the hosts behind an egress gateway", "egress-gateway", "cluster/egress-gateway", "gateway"
)

RELEASE_KINDS: Final = (SERVICES, NAMESPACES, GUARDRAILS, EGRESS_GATEWAY)
CLUSTER_KINDS: Final = tuple(it for it in RELEASE_KINDS if it.is_of_cluster)
CLUSTER_FOLDER: Final = GUARDRAILS.folder
"""The folder, within that of the values files, with those of the releases for the whole cluster."""
_BY_ID: Final = {it.id: it for it in CLUSTER_KINDS}


def kind_of(id: str, *, selects_everything: bool) -> ReleaseKind:
    """The kind of the release with this id, whose policy selects every pod of its namespace or only some."""
    otherwise = NAMESPACES if selects_everything else SERVICES
    return _BY_ID.get(id, otherwise)
