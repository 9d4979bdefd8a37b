"""Labels by which Cilium cannot select."""

from egressc.dialects.cilium.labels import label_problem
from support.tables import each


@each(
    ("key", "of_namespace", "is_refused"),
    [
        ("app", False, False),
        ("app.kubernetes.io/name", False, False),
        ("batch.kubernetes.io/job-name", False, False),
        ("k8s-app", False, False),
        ("kubernetes.io/foo", False, True),
        ("kubernetes.io/metadata.name", True, False),
        ("beta.kubernetes.io/arch", False, True),
        ("beta.kubernetes.io/arch", True, True),
        ("team", True, False),
        ("pod-template-hash", False, True),
        ("statefulset.kubernetes.io/pod-name", False, True),
        ("topology.kubernetes.io/zone", False, True),
        ("topology.kubernetes.io/zone", True, False),
        ("io.cilium.k8s.policy.cluster", False, True),
        ("a" * 59, False, False),
        ("a" * 60, False, True),
        ("a" * 28, True, False),
        ("a" * 29, True, True),
        (f"example.com/{'a' * 60}", True, False),
    ],
)
def test_a_key(key: str, of_namespace: bool, is_refused: bool) -> None:
    assert (label_problem(key, of_namespace=of_namespace) is not None) == is_refused
