"""`egressc presets`: the list, the API server of a cluster, and address lists."""

import json
import re
from pathlib import Path

import pytest
import yaml

from egressc.cli import ERRORS, OK, USAGE
from egressc.cluster.objects import Object, ObjectKind
from egressc.fleet import api_server
from egressc.model.cluster import Cluster
from egressc.resolve.presets import all_presets
from support.command import run
from support.probed_shop import API_SLICE
from support.recorded_cluster import RecordedCluster

ROOT = Path(__file__).parents[3]


def connect(monkeypatch: pytest.MonkeyPatch, *objects: Object, hidden: tuple[ObjectKind, ...] = ()) -> None:
    cluster = RecordedCluster(objects, hidden)
    monkeypatch.setattr(api_server, "open_reader", lambda *_: cluster)


def six(port: int = 6443) -> Object:
    ports = [{"name": "https", "port": port, "protocol": "TCP"}]
    return {**API_SLICE, "addressType": "IPv6", "endpoints": [{"addresses": ["2001:db8::2"]}], "ports": ports}


def test_every_preset_is_listed_with_what_a_project_has_to_say(tmp_path: Path) -> None:
    """Without a project too."""
    found = json.loads(run(["presets", "--format", "json"], tmp_path).stdout)["presets"]
    assert [it["name"] for it in found] == [it.name for it in all_presets(Cluster())]
    usable = {it["name"]: it["usable"] for it in found}
    assert usable["kube-dns"] == "yes"
    assert usable["Kubernetes API server"] == "with cluster.apiServer in the project file"
    assert usable["kubelet API"] == "with cluster.nodes in the project file"
    assert usable["Prometheus"] == "with a catalog entry: {preset: Prometheus, namespace: ...}"
    text = run(["presets"], tmp_path).stdout
    assert all(f"{it['name']}\n" in text and f"source: {it['source']}\n" in text for it in found)


def test_a_project_changes_what_is_usable(tmp_path: Path) -> None:
    (tmp_path / "egressc.yaml").write_text(
        "catalog: c.yaml\ncluster: {ipFamilies: [IPv6], apiServer: {addresses: ['2001:db8::2']}}\n"
        "addressLists: {Far: far.yaml}\n",
        "utf-8",
    )
    (tmp_path / "c.yaml").write_text(
        "destinations:\n  Metrics: {preset: prometheus, namespace: a}\n"
        "  istiod: {namespace: b}\n  DNS: {aliases: [d]}\n"
        "  Far: {ports: [443]}\n",
        "utf-8",
    )
    (tmp_path / "far.yaml").write_text("source: x\ndate: 2026-01-02\naddresses: ['2001:db8::/32']\n", "utf-8")
    held = json.loads(run(["presets", "--format", "json"], tmp_path).stdout)
    found = {it["name"]: it for it in held["presets"]}
    assert found["Kubernetes API server"]["peers"] == ["2001:db8::2/128"]
    assert found["Kubernetes API server"]["usable"] == found["kube-dns"]["usable"] == "yes"
    assert found["Prometheus"]["usable"] == "as Metrics of the catalog"
    assert found["istiod"]["usable"] == "no, the catalog defines istiod otherwise"
    assert found["GKE metadata server"]["usable"] == "no, it has no address in cluster.ipFamilies"
    far = {"name": "Far", "file": "far.yaml", "date": "2026-01-02", "networks": 1, "source": "x"}
    assert held["addressLists"] == [far]
    assert "address list: far.yaml, 1 networks of 2026-01-02" in run(["presets"], tmp_path).stdout


def test_the_api_server_of_a_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(monkeypatch, six(), API_SLICE)
    result = run(["presets", "--from-cluster"], tmp_path)
    assert result.exit_code == OK
    printed = {"cluster": {"apiServer": {"addresses": ["172.18.0.2", "2001:db8::2"], "port": 6443}}}
    assert yaml.safe_load(result.stdout) == printed
    (tmp_path / "egressc.yaml").write_text(f"sources: [s.md]\ncatalog: c.yaml\n{result.stdout}", "utf-8")
    (tmp_path / "s.md").write_text("| Service | Depends on |\n|---|---|\n| Web | API server |\n", "utf-8")
    (tmp_path / "c.yaml").write_text("defaults: {namespace: shop, selector: {app: '{id}'}}\n", "utf-8")
    assert run(["compile"], tmp_path).exit_code == OK


def test_an_api_server_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect(monkeypatch, API_SLICE, hidden=(ObjectKind.ENDPOINT_SLICES,))
    result = run(["presets", "--from-cluster"], tmp_path)
    assert (result.exit_code, result.stdout) == (ERRORS, "")
    assert "EG640" in result.stderr
    assert "no EndpointSlice of default/kubernetes" in result.stderr


def test_an_api_server_with_two_ports_is_an_entry_of_the_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(monkeypatch, API_SLICE, six(443))
    result = run(["presets", "--from-cluster"], tmp_path)
    assert (result.exit_code, result.stdout) == (ERRORS, "")
    assert "EG662" in result.stderr
    assert "the API server has the ports 443 and 6443" in result.stderr
    (entry,) = re.findall("destinations: .*", result.stderr)
    (tmp_path / "egressc.yaml").write_text("sources: [s.md]\ncatalog: c.yaml\n", "utf-8")
    (tmp_path / "s.md").write_text("| Service | Depends on |\n|---|---|\n| Web | API server |\n", "utf-8")
    (tmp_path / "c.yaml").write_text(f"defaults: {{namespace: shop, selector: {{app: '{{id}}'}}}}\n{entry}\n", "utf-8")
    assert run(["compile"], tmp_path).exit_code == OK
    assert (tmp_path / "values" / "web.yaml").read_text("utf-8").count("port: 443") == 1


def test_a_list_is_refreshed_from_the_standard_input_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "egressc.yaml").write_text("addressLists: {Far: a/far.yaml}\n", "utf-8")
    result = run(["presets", "--refresh", "Far", "--source", "x"], tmp_path, given="192.0.2.0/28\n")
    assert (result.exit_code, result.stdout) == (OK, "+ 192.0.2.0/28\n")
    assert result.stderr == "a/far.yaml: 1 network, written\n"
    written = (tmp_path / "a" / "far.yaml").read_text("utf-8")
    assert re.search(r'^date: "20[0-9]{2}-[0-9]{2}-[0-9]{2}"$', written, re.MULTILINE)
    (tmp_path / "new.txt").write_text("192.0.2.0/28\n2001:db8::/32\n", "utf-8")
    result = run(["presets", "--refresh", "Far", "--from", "new.txt"], tmp_path)
    assert result.stdout == "+ 2001:db8::/32\n"
    result = run(["presets", "--refresh", "Far", "--from", "new.txt"], tmp_path)
    assert (result.stdout, result.stderr) == ("", "a/far.yaml: 2 networks, unchanged\n")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["far.yaml"]


def test_options_that_need_each_other(tmp_path: Path) -> None:
    assert run(["presets", "--source", "x"], tmp_path).exit_code == USAGE
    (tmp_path / "new.txt").write_text("192.0.2.0/28\n", "utf-8")
    assert run(["presets", "--from", "new.txt"], tmp_path).exit_code == USAGE
    assert run(["presets", "--from-cluster", "--refresh", "Far"], tmp_path).exit_code == USAGE
    assert run(["presets", "--refresh", "Far"], tmp_path, given="192.0.2.0/28\n").exit_code == USAGE


def test_the_commands_of_the_documentation_print_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "presets.md").read_text("utf-8")
    shown = re.findall(r"^\$ (?:[^\n]* \| )?egressc ([^\n]+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    (plain,) = re.findall(r"^egressc (\S+)$", text, re.MULTILINE)
    assert run([plain], tmp_path).exit_code == OK
    connect(monkeypatch, API_SLICE)
    (tmp_path / "egressc.yaml").write_text("addressLists: {GitHub: addresses/github.yaml}\n", "utf-8")
    arguments = ["presets", "--refresh", "GitHub", "--source", "before", "--only", "hooks"]
    run(arguments, tmp_path, given='{"hooks": ["192.0.2.0/28"]}')
    published = '{"hooks": ["192.0.2.0/28", "192.0.2.16/28"]}'
    for line, output in shown:
        assert run(line.split(), tmp_path, given=published).stdout == output
    assert len(shown) == 2
