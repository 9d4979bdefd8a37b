"""docs/own-document.md to its end: the policies are in the cluster."""

from pathlib import Path

from support.guides import Reader, steps
from testbed.api import POLICIES
from testbed.control_plane import ControlPlane

NAMESPACE = "corner-shop"


def test_from_a_document_to_policies_in_the_cluster(control_plane: ControlPlane, tmp_path: Path) -> None:
    api = control_plane.api
    api.post("/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    (tmp_path / "work").mkdir()
    reader = Reader(tmp_path / "work", str(control_plane.kubeconfig))
    try:
        said = {step.text: reader.do(step) for step in steps("own-document.md")}
        policies = api.get(f"{POLICIES}/namespaces/{NAMESPACE}/networkpolicies")["items"]
        assert sorted(it["metadata"]["name"] for it in policies) == ["orders", "web"]
        assert "orders" in said["egressc status"]
    finally:
        api.delete(f"{POLICIES}/namespaces/{NAMESPACE}/networkpolicies")
