"""One table in the dialect Cilium, through every command: names and entities in place of addresses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.cli import ERRORS, OK, status
from egressc.cluster.objects import Object, ObjectKind
from support.command import rendered, run
from support.recorded_cluster import RecordedCluster
from support.recorded_shop import AROUND, RecordedShop
from support.tables import each

CILIUM = 'cluster: {dialect: Cilium, cilium: {version: "1.20"}}\n'
CATALOG = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  LLM API: {hosts: [api.example.com, "*.models.example.com"], internet: true, ports: [443]}
  redis: {ports: [6379]}
"""
TABLE = """\
| Service | Depends on |
|---|---|
| web | LLM API, redis |
| worker | Kubernetes API server, Internet:443 |
"""
CALLED = """\
| Service | Listens on | Depends on | Called by |
|---|---|---|---|
| web | 8080 | redis | LLM API |
"""
ADDRESSLESS = CATALOG.replace(", internet: true", "")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path)


def write(folder: Path, *, cluster: str = CILIUM, catalog: str = CATALOG, table: str = TABLE, more: str = "") -> Path:
    (folder / "services.md").write_text(table, "utf-8")
    (folder / "catalog.yaml").write_text(catalog, "utf-8")
    (folder / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{cluster}{more}", "utf-8")
    return folder


def specs(service: str, folder: Path) -> list[Any]:
    return [it["spec"] for it in yaml.safe_load_all(rendered(service, folder)) if it]


def ends(spec: Any) -> list[tuple[str, Any]]:
    return [(key, rule[key]) for rule in spec["egress"] for key in rule if key.startswith("to") and key != "toPorts"]


def test_hosts_and_the_api_server_are_named_and_the_internet_is_addresses(project: Path) -> None:
    compiled = run(["compile"], project)
    assert compiled.exit_code == OK, compiled.stderr
    assert "EG414" not in compiled.stderr
    (web,), (worker,) = specs("web", project), specs("worker", project)
    assert ("toFQDNs", [{"matchName": "api.example.com"}, {"matchPattern": "*.models.example.com"}]) in ends(web)
    assert {key for key, _ in ends(web)} == {"toEndpoints", "toFQDNs"}  # no address stands in for a name any more
    assert ("toEntities", ["kube-apiserver"]) in ends(worker)
    assert [it["cidr"] for key, held in ends(worker) if key == "toCIDRSet" for it in held] == ["0.0.0.0/0", "::/0"]
    assert [rule["toPorts"][0].get("rules") for rule in web["egress"][:1]] == [{"dns": [{"matchPattern": "*"}]}]
    assert "rules" not in str(worker)


def test_it_is_proven_and_says_how_far(project: Path) -> None:
    run(["compile"], project)
    proven = run(["verify"], project)
    assert proven.exit_code == OK, proven.stderr
    assert "2 services: policies equal the 2 rows read" in proven.stderr
    assert "approximate: 1 rule with a host name by learned addresses" in proven.stderr


@each(
    ("old", "new", "code"),
    [
        ("matchName: api.example.com", "matchName: api.example.org", "EG620"),
        ('matchPattern: "*.models.example.com"', 'matchPattern: "**.models.example.com"', "EG620"),
        ('matchPattern: "*.models.example.com"', "matchName: x.models.example.com", "EG621"),
        ("- kube-apiserver", "- host", "EG621"),
        ("toEntities:\n        - kube-apiserver", "toEntities:\n        - world", "EG620"),
    ],
)
def test_what_is_not_the_table_is_found(tmp_path: Path, old: str, new: str, code: str) -> None:
    project = write(tmp_path)
    run(["compile"], project)
    text = f"{rendered('web', project)}{rendered('worker', project)}"
    assert old in text
    (project / "live.yaml").write_text(text.replace(old, new), "utf-8")
    found = run(["verify", "--manifests", "live.yaml"], project)
    assert found.exit_code == ERRORS
    assert code in found.stderr


def test_a_networkpolicy_beside_it_widens_what_the_names_narrow(project: Path) -> None:
    """Policies add up: the one of before the move must be gone."""
    run(["compile"], project)
    beside = (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\nspec:\n"
        "  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Egress]\n"
        "  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]\n"
    )
    (project / "live.yaml").write_text(f"{rendered('web', project)}{rendered('worker', project)}{beside}", "utf-8")
    found = run(["verify", "--manifests", "live.yaml"], project)
    assert found.exit_code == ERRORS
    assert "egress[0] of policy shop/web allows it" in found.stderr


def test_extra_rules_stay_a_networkpolicy(project: Path) -> None:
    run(["compile"], project)
    values = project / "values" / "web.yaml"
    rules = "egress:\n    - to: [{ipBlock: {cidr: 203.0.113.7/32}}]\n      ports: [{port: 8443, protocol: TCP}]"
    values.write_text(values.read_text("utf-8").replace("egress: []", rules), "utf-8")
    found = {it["kind"]: it["metadata"]["name"] for it in yaml.safe_load_all(rendered("web", project)) if it}
    assert found == {"CiliumNetworkPolicy": "web", "NetworkPolicy": "web-extra"}
    proven = run(["verify"], project)
    assert (proven.exit_code, "EG630" in proven.stderr) == (OK, True), proven.stderr


def test_the_probe_script_asks_for_the_policy_of_the_service_and_not_for_its_extra_rules(project: Path) -> None:
    run(["compile"], project)
    values = project / "values" / "web.yaml"
    rules = "egress:\n    - to: [{ipBlock: {cidr: 203.0.113.7/32}}]\n      ports: [{port: 8443, protocol: TCP}]"
    values.write_text(values.read_text("utf-8").replace("egress: []", rules), "utf-8")
    made = run(["probe", "web", "--script"], project)
    assert made.exit_code == OK, made.stderr
    script = made.stdout
    assert "policy=web\n" in script
    assert "kube get ciliumnetworkpolicy -n" in script
    assert '"kind":"CiliumNetworkPolicy"' in script.replace(" ", "")
    assert "web-extra" not in script


@each(
    ("question", "answer", "said"),
    [
        ("web -> LLM API", "allowed", "to           host api.example.com"),
        ("web -> host:eu.models.example.com:443", "allowed", "a host name by learned addresses"),
        ("web -> host:a.eu.models.example.com:443", "denied", "add the host to the destination in the catalog"),
        ("worker -> host:api.example.com:443", "allowed", "address 198.51.100.1"),
        ("worker -> host:api.example.com:80", "denied", "host api.example.com"),
        ("worker -> LLM API", "allowed", "address 198.51.100.1"),
        ("worker -> LLM API:80", "denied", "host api.example.com"),
        ("worker -> Kubernetes API server", "allowed", "the entity kube-apiserver"),
        ("worker -> 203.0.113.9:443", "allowed", "address 203.0.113.9"),
    ],
)
def test_questions_are_answered_by_name(tmp_path: Path, question: str, answer: str, said: str) -> None:
    project = write(tmp_path)
    run(["compile"], project)
    explained = run(["explain", question], project)
    assert explained.stdout.startswith(f"{answer}: "), explained.stdout
    assert said in explained.stdout
    named = "approximate" in explained.stdout
    assert named == (question.startswith("web -> ") and "host" in said), "only a rule by name is approximate"


@each(
    ("change", "said"),
    [
        ({"cluster": "cluster: {dialect: Cilium}\n"}, 'needs "cilium", with the version of Cilium in the cluster'),
        ({"cluster": 'cluster: {cilium: {version: "1.20"}}\n'}, 'needs "dialect: Cilium"'),
        ({"cluster": CILIUM.replace('"1.20"', "1.20")}, "EG23"),
        ({"cluster": CILIUM.replace("1.20", "1.20.1")}, "is not MAJOR.MINOR"),
        ({"cluster": CILIUM.replace("1.20", "1.14")}, "is older than 1.15"),
        ({"cluster": CILIUM.replace("}}", "}, serviceTranslation: before}")}, "Cilium sees the ports of pods"),
        ({"cluster": CILIUM.replace('"1.20"', '"1.18", strictDns: true')}, "needs Cilium 1.19"),
        (
            {"cluster": CILIUM.replace("1.20", "1.18"), "catalog": CATALOG.replace('"*.models', '"**.models')},
            "before 1.19, Cilium reads **. as exactly one label",
        ),
        (
            {"cluster": CILIUM.replace("1.20", "1.15"), "catalog": CATALOG.replace("6379", '"6379-6380"')},
            "before 1.16, its policies have no port ranges",
        ),
        ({"more": "directions: both\n", "table": CALLED, "catalog": ADDRESSLESS}, "EG313"),
    ],
)
def test_what_this_cilium_cannot_do_is_refused(tmp_path: Path, change: dict[str, str], said: str) -> None:
    project = write(tmp_path, **change)
    refused = run(["check"], project)
    assert refused.exit_code == ERRORS
    assert said in refused.stderr, refused.stderr


def test_pods_of_an_egress_gateway_do_not_stand_in(tmp_path: Path) -> None:
    gateway = CATALOG.replace("internet: true", "namespace: gateways, selector: {app: egress}")
    project = write(tmp_path, catalog=gateway)
    run(["compile"], project)
    (web,) = specs("web", project)
    assert {key for key, _ in ends(web)} == {"toEndpoints"}
    assert run(["verify"], project).exit_code == OK


@each("denied", ["LLM API", "Kubernetes API server"])
def test_what_is_denied_by_name_may_be_anywhere_on_the_internet(tmp_path: Path, denied: str) -> None:
    table = "| Source | Destination | Port | Action |\n|---|---|---|---|\n| worker | Internet | 443 | allow |\n"
    refused = run(["check"], write(tmp_path, table=f"{table}| worker | {denied} | 443 | deny |\n"))
    assert "EG428" in refused.stderr, refused.stderr


def test_an_extra_rule_for_the_internet_opens_a_host_that_is_denied(tmp_path: Path) -> None:
    table = "| Source | Destination | Port | Action |\n|---|---|---|---|\n| worker | redis | 6379 | allow |\n"
    project = write(tmp_path, table=f"{table}| worker | LLM API | 443 | deny |\n")
    run(["compile"], project)
    values = project / "values" / "worker.yaml"
    rules = "egress:\n    - to: [{ipBlock: {cidr: 0.0.0.0/0}}]\n      ports: [{port: 443, protocol: TCP}]"
    values.write_text(values.read_text("utf-8").replace("egress: []", rules), "utf-8")
    assert "EG624" in run(["verify"], project).stderr


def test_strict_dns_beside_a_baseline_that_leaves_dns_alone(tmp_path: Path) -> None:
    cluster = (
        'cluster: {dialect: Cilium, cilium: {version: "1.20", strictDns: true}, baseline: {deny: egress, dns: false}}\n'
    )
    project = write(tmp_path, cluster=cluster, catalog=CATALOG.replace("example.com", "example.org"))
    compiled = run(["compile"], project)
    assert compiled.exit_code == OK, compiled.stderr
    proven = run(["verify"], project)
    assert proven.exit_code == OK, proven.stderr
    (web,) = specs("web", project)
    assert web["egress"][0]["toPorts"][0]["rules"]["dns"] == [
        {"matchName": "api.example.org"},
        {"matchPattern": "*.models.example.org"},
        {"matchPattern": "**.cluster.local"},
    ]


def test_a_policy_of_others_with_the_same_name_is_of_another_kind(tmp_path: Path) -> None:
    project = write(tmp_path, more="otherPolicies: [others.yaml]\n")
    (project / "others.yaml").write_text(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\n"
        "spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: []}\n---\n"
        "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: guard}\n"
        "spec:\n  endpointSelector: {}\n  egressDeny: [{toCIDR: [169.254.169.254/32]}]\n"
        "  enableDefaultDeny: {egress: false}\n",
        "utf-8",
    )
    checked = run(["compile"], project)
    assert checked.exit_code == OK, checked.stderr
    assert "EG614" not in checked.stderr
    assert "EG638" not in checked.stderr


def test_hosts_need_no_address(tmp_path: Path) -> None:
    project = write(tmp_path, catalog=ADDRESSLESS)
    compiled = run(["compile"], project)
    assert compiled.exit_code == OK, compiled.stderr
    plain = write(tmp_path, cluster="", catalog=ADDRESSLESS)
    assert "EG313" in run(["check"], plain).stderr


@pytest.fixture
def shop(tmp_path: Path) -> RecordedShop:
    return RecordedShop(tmp_path, CILIUM)


@pytest.fixture
def look(shop: RecordedShop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    def look(*objects: Object, hidden: tuple[ObjectKind, ...] = ()) -> str:
        monkeypatch.setattr(status, "open_reader", lambda *_: RecordedCluster(objects, hidden))
        result = run(["status"], shop.folder)
        return f"{result.stdout}{result.stderr}"

    return look


def test_status_reads_policies_of_cilium(shop: RecordedShop, look: Callable[..., str]) -> None:
    installed = shop.everything()
    assert "CiliumNetworkPolicy" in {it["kind"] for it in installed}
    said = look(*AROUND, *installed)
    assert said.count("current    as installed") == 2, said
    assert "EG6" not in said


def test_status_sees_what_others_change_open_and_hide(shop: RecordedShop, look: Callable[..., str]) -> None:
    installed = list(shop.everything())
    web = next(it for it in installed if it["kind"] == "CiliumNetworkPolicy" and it["metadata"]["name"] == "web")
    edited = {
        **web,
        "spec": {**web["spec"], "egress": [*web["spec"]["egress"], {"toFQDNs": [{"matchName": "x.example"}]}]},
    }
    assert "edited" in look(*AROUND, *[edited if it is web else it for it in installed])
    foreign = {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumClusterwideNetworkPolicy",
        "metadata": {"name": "open"},
        "spec": {"endpointSelector": {"matchLabels": {"app": "web"}}, "egress": [{"toEntities": ["world"]}]},
    }
    assert "EG645" in look(*AROUND, *installed, foreign)
    # One of the other kind with the same namespace and name is another object.
    plain = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"], "egress": [{}]},
    }
    assert "EG645" in look(*AROUND, *installed, plain)
    assert "EG641" in look(*AROUND, *installed, hidden=(ObjectKind.CILIUM_CLUSTER_POLICIES,))
    hidden = look(*AROUND, *installed, hidden=(ObjectKind.CILIUM_POLICIES,))
    assert "CiliumNetworkPolicies in shop cannot be listed" in hidden
    assert "missing" not in hidden


def test_a_host_of_another_destination_is_for_a_row_to_ask_for(tmp_path: Path) -> None:
    """Not for the destination of the nearest rule, which every service that asks for it would then reach."""
    models = CATALOG + "  Models: {hosts: [api.models.example], ports: [443]}\n"
    project = write(tmp_path, catalog=models)
    run(["compile"], project)
    explained = run(["explain", "web -> host:api.models.example:443"], project)
    assert "repair       add it to a row of web" in explained.stdout, explained.stdout
