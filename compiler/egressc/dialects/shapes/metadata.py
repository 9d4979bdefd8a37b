"""The metadata of a policy, checked as the API server checks it; what a cluster adds to it is let be.

Sources: ObjectMeta (meta/v1) and its validation (apimachinery pkg/api/validation/objectmeta.go): names, namespaces,
labels, annotations. A server strict about fields, as kubectl asks for, refuses those that ObjectMeta does not have.
"""

from typing import Any

from egressc.dialects.shapes.fields import Object, Problems, mapping, only, shown
from egressc.dialects.shapes.selectors import read_labels
from egressc.model.scalars import (
    ANNOTATIONS_MAX_BYTES,
    annotation_key_problem,
    dns_label_problem,
    dns_subdomain_problem,
)

# selfLink and clusterName are in dumps of older clusters.
_FIELDS = frozenset(
    (
        "annotations",
        "clusterName",
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "finalizers",
        "generateName",
        "generation",
        "labels",
        "managedFields",
        "name",
        "namespace",
        "ownerReferences",
        "resourceVersion",
        "selfLink",
        "uid",
    )
)


def check_metadata(metadata: Object, problems: Problems) -> None:
    """Report what the API server refuses; a name that is absent is for the caller to report."""
    only(metadata, _FIELDS, "metadata", problems)
    name, home = metadata.get("name"), metadata.get("namespace")
    if isinstance(name, str) and name and (problem := dns_subdomain_problem(name)):
        problems.add("metadata.name", f"{shown(name)} {problem}")
    if isinstance(home, str) and home and (problem := dns_label_problem(home)):
        problems.add("metadata.namespace", f"{shown(home)} {problem}")
    read_labels(mapping(metadata, "labels", "metadata", problems) or {}, "metadata.labels", problems)
    _check_annotations(mapping(metadata, "annotations", "metadata", problems) or {}, problems)


def _check_annotations(annotations: Object, problems: Problems) -> None:
    size = 0
    for key, value in annotations.items():
        if problem := annotation_key_problem(key):
            problems.add("metadata.annotations", f"the key {shown(key)} {problem}")
        elif not _is_text(value):
            problems.add(f"metadata.annotations[{key}]", f"must be a string, not {shown(value)}")
        else:
            size += len(key.encode()) + len((value or "").encode())
    if size > ANNOTATIONS_MAX_BYTES:
        problems.add("metadata.annotations", f"have {size} bytes, but {ANNOTATIONS_MAX_BYTES} are allowed")


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)
