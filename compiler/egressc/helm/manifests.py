"""Rendered templates laid out as `helm template` prints them: split, put in installation order, each under its source.

Source: helm's InstallOrder (pkg/release/v1/util/kind_sorter.go) and manifest_sorter.go; the same bytes by test.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

# Helm's own expression for the line between two documents; \s as Go reads it.
_SEPARATOR = re.compile(r"(?:^|(?<![\t\n\f\r ])[\t\n\f\r ]*\n)---[\t\n\f\r ]*+")
# What strings.TrimSpace trims; str.strip() would take the ASCII separators U+001C-U+001F as well.
_BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_HOOK = "helm.sh/hook"
# fmt: off
_INSTALL_ORDER = (
    "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
    "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
    "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
)
# fmt: on
_RANK = {kind: rank for rank, kind in enumerate(_INSTALL_ORDER)}

_Document = tuple[str, str]
ReadDocument = Callable[[str], Mapping[str, object]]


def lay_out(templates: Iterable[tuple[str, str]], read: ReadDocument) -> str:
    """The text that `helm template` prints for rendered templates: pairs of a path in the chart and its text.

    `read` gives a document's content, and is asked only where an order has to be found: two documents, or a hook.
    """
    documents = [
        (path, document)
        for path, text in sorted(templates)
        if not path.endswith("NOTES.txt") and not _is_partial(path)
        for document in _split(text)
    ]
    hooks: list[_Document] = []
    if len(documents) > 1 or any(_HOOK in document for _, document in documents):
        documents, hooks = _in_order(documents, read)
    # Manifests end with one line feed, which stands alone where there are none; hooks follow.
    return (_join(documents) or "\n") + _join(hooks)


def _is_partial(path: str) -> bool:
    return path.rsplit("/", 1)[-1].startswith("_")


def _split(text: str) -> Iterator[str]:
    if not (text := text.strip(_BLANKS)):
        return
    if "\n---" not in text:
        # The usual one document, without searching every blank of it for a separator.
        if document := text.removeprefix("---").strip(_BLANKS):
            yield document
        return
    for document in _SEPARATOR.split(text):
        if document:
            yield document.strip(_BLANKS)


def _join(documents: Iterable[_Document]) -> str:
    return "".join(f"---\n# Source: {path}\n{document}\n" for path, document in documents)


def _in_order(documents: list[_Document], read: ReadDocument) -> tuple[list[_Document], list[_Document]]:
    """Manifests by the rank of their kind, kinds without one last and by name, equals as they come; and hooks."""
    manifests: list[tuple[tuple[int, str], _Document]] = []
    hooks: list[_Document] = []
    for path, document in documents:
        head = read(document)
        if _is_hook(head):
            hooks.append((path, document))
        else:
            kind = str(head.get("kind") or "")
            manifests.append(((_RANK.get(kind, len(_RANK)), "" if kind in _RANK else kind), (path, document)))
    manifests.sort(key=lambda item: item[0])
    return [document for _, document in manifests], hooks


def _is_hook(head: Mapping[str, object]) -> bool:
    metadata = head.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    return isinstance(annotations, Mapping) and _HOOK in annotations
