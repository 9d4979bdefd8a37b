"""Labels by which Calico selects something else: those that it adds to pods and namespaces by itself.

Source: projectcalico/calico libcalico-go/lib/backend/k8s/conversion/constants.go.
"""

from typing import Final

_OWN: Final = ("pcns.", "pcsa.", "projectcalico.org/")


def label_problem(key: str, *, of_namespace: bool = False) -> str | None:
    """Why a selector by this label selects something else in Calico, as a predicate."""
    del of_namespace
    return "is one of Calico's own labels" if key.startswith(_OWN) else None
