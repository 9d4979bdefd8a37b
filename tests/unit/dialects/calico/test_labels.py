"""Labels that mean something else to Calico."""

from egressc.dialects.calico.labels import label_problem
from support.tables import each


@each(
    ("key", "is_refused"),
    [
        ("app", False),
        ("app.kubernetes.io/name", False),
        ("kubernetes.io/metadata.name", False),
        ("pcns", False),
        ("example.com/projectcalico.org", False),
        ("pcns.team", True),
        ("pcsa.team", True),
        ("projectcalico.org/namespace", True),
        ("projectcalico.org/orchestrator", True),
    ],
)
def test_labels_of_calico(key: str, is_refused: bool) -> None:
    for of_namespace in (False, True):
        assert (label_problem(key, of_namespace=of_namespace) is not None) == is_refused
