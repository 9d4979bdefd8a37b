"""Labels by which Cilium cannot select: those that it leaves out of identities, its own, and keys that are too long.

Sources: cilium 1.20.2 pkg/labelsfilter/filter.go (defaultLabelPrefixCfg: expressions at the start of a key, of which
the later ones take away from the first), pkg/k8s/apis/cilium.io (its own keys). A key stands with a prefix in a policy,
and its part behind a slash has at most 63 characters with it (apimachinery pkg/util/validation).
"""

import re
from typing import Final

OF_NAMESPACE: Final = "io.cilium.k8s.namespace.labels."
_LEFT_OUT: Final = re.compile(
    r"io\.kubernetes|kubernetes\.io|statefulset\.kubernetes\.io/pod-name|apps\.kubernetes\.io/pod-index"
    r"|batch\.kubernetes\.io/(?:job-completion-index|controller-uid)|.*beta\.kubernetes\.io|k8s\.io"
    r"|pod-template-generation|pod-template-hash|controller-revision-hash|controller-uid|annotation|etcd_node"
    r"|topology\.kubernetes\.io"
)
_OWN: Final = ("io.cilium.k8s.", "io.kubernetes.pod.namespace")
_LONGEST: Final = 63
_SOURCE: Final = "k8s:"
_METADATA_NAME: Final = "kubernetes.io/metadata.name"


def label_problem(key: str, *, of_namespace: bool = False) -> str | None:
    """Why a selector by this label selects something else in Cilium, as a predicate."""
    if key == _METADATA_NAME and of_namespace:
        return None
    if key.startswith(_OWN):
        return "is one of Cilium's own labels"
    if (".beta.kubernetes.io" in key or key.startswith("beta.kubernetes.io")) if of_namespace else _LEFT_OUT.match(key):
        return "is left out of Cilium's identities, so no pod seems to have it"
    written = f"{_SOURCE}{OF_NAMESPACE if of_namespace else ''}{key}"
    if len(written.rpartition("/")[2]) > _LONGEST:
        return "is too long for Cilium, which writes a prefix before it"
    return None
