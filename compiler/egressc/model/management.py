"""Labels and annotations with which a tool would not create an object, would not update it, or would remove it.

On a NetworkPolicy they leave its pods unprotected while every command of the tool succeeds. The keys count whatever
their value, as labels and as annotations: none of them has a use on a policy.

Sources, as read in November 2026:
Helm 3 and 4: pkg/releaseutil/manifest_sorter.go and pkg/release/v1/util/manifest_sorter.go: an object with the hook
annotation is no part of the release; one with an unknown event is skipped. pkg/release/hook.go: the delete policies.
Argo CD: gitops-engine pkg/sync/common/types.go, pkg/sync/hook/hook.go and pkg/sync/ignore/ignore.go: objects with a
hook are created by phase and removed by their delete policy, those of the type Skip or of no known type are not
applied; Helm's hooks count where there is none of its own.
Flux: kustomize-controller internal/controller/kustomization_controller.go (the selectors handed to the apply) and
fluxcd/pkg ssa/utils/meta.go: `reconcile: disabled` and `ssa: Ignore`, as a label or an annotation, in any case of
letters, leave an object out; `ssa: IfNotPresent` never updates it.
kustomize, which Flux and Argo CD run: api/konfig/general.go and api/resource/factory.go: local configuration is dropped
from what is built.
"""

from collections.abc import Iterable, Mapping
from typing import Final

UNMANAGED: Final[Mapping[str, str]] = {
    "argocd.argoproj.io/hook": "Argo CD creates hooks only in their phase, or never",
    "argocd.argoproj.io/hook-delete-policy": "Argo CD deletes what has a delete policy",
    "config.kubernetes.io/local-config": "kustomize removes local configuration",
    "helm.sh/hook": "Helm keeps hooks out of a release",
    "helm.sh/hook-delete-policy": "Helm and Argo CD delete what has a delete policy",
    "kustomize.toolkit.fluxcd.io/reconcile": "Flux skips what it does not reconcile",
    "kustomize.toolkit.fluxcd.io/ssa": "Flux does not apply or update it",
}
"""Why, by key."""


def management_problem(key: str) -> str | None:
    why = UNMANAGED.get(key)
    return f"would leave the policy unmanaged: {why}" if why else None


def find_unmanaged(keys: Iterable[str]) -> str | None:
    """The first key, in alphabetical order, that takes an object out of management."""
    return min((key for key in keys if key in UNMANAGED), default=None)
