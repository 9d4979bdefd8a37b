"""Ways to say which cluster and who asks; helm must be told the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cluster.projects import Shop, codes, make_shop
from support.helm_binaries import MAJORS, helm_binary
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane


@pytest.fixture
def shop(control_plane: ControlPlane, tmp_path: Path) -> Shop:
    made = make_shop(tmp_path, control_plane, helm_binary(MAJORS[-1]))
    ensure_namespace(control_plane.api, made.namespace, {})
    return made


def test_a_context_of_several_files(shop: Shop, control_plane: ControlPlane) -> None:
    config = json.loads(control_plane.kubeconfig.read_text("utf-8"))
    elsewhere = shop.folder / "elsewhere"
    elsewhere.write_text(
        json.dumps(
            {
                **config,
                "contexts": [{"name": "elsewhere", "context": {"cluster": "elsewhere", "user": "testbed"}}],
                "clusters": [{"name": "elsewhere", "cluster": {"server": "https://127.0.0.1:1"}}],
                "current-context": "elsewhere",
            }
        ),
        "utf-8",
    )
    both = replace(shop, kubeconfig=Path(f"{elsewhere}:{control_plane.kubeconfig}"))
    assert codes(both.run("status", status=1), "EG640")
    assert "3 installed" in both.run("install", "--context", "testbed", "--yes")
    assert "3 up to date" in shop.run("install", "--kubeconfig", str(control_plane.kubeconfig), "--yes")


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_credentials_of_a_plugin(version: str, shop: Shop, control_plane: ControlPlane) -> None:
    config = json.loads(control_plane.kubeconfig.read_text("utf-8"))
    api_version = f"client.authentication.k8s.io/{version}"
    answer = {"apiVersion": api_version, "kind": "ExecCredential", "status": {"token": control_plane.api.token}}
    plugin = shop.folder / "plugin"
    plugin.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\n", "utf-8")
    plugin.chmod(0o755)
    asked = {"apiVersion": api_version, "command": str(plugin), "interactiveMode": "Never"}
    config["users"] = [{"name": "testbed", "user": {"exec": asked}}]
    path = shop.folder / "with-plugin"
    path.write_text(json.dumps(config), "utf-8")
    assert "3 installed" in replace(shop, kubeconfig=path).run("install", "--yes")


def test_no_cluster(shop: Shop) -> None:
    nowhere = replace(shop, kubeconfig=shop.folder / "nowhere")
    assert codes(nowhere.run("status", status=1), "EG640")
    broken = shop.folder / "broken"
    broken.write_text("- no kubeconfig\n", "utf-8")
    assert codes(replace(shop, kubeconfig=broken).run("status", status=1), "EG640")
