"""The whole of a run but for the cluster: the chart's own pods, a verdict for each connection, findings at the rows."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from egressc.cluster.objects import Object
from egressc.cluster.probing import ROLE, RUN_LABEL, Patience
from egressc.diagnostics.core import Diagnostic, Report
from egressc.probe.plan import ProbePlan, read_named
from egressc.probe.run import probe_cluster
from egressc.renderers.probes import ProbeReport
from support.command import run
from support.probed_shop import AROUND, CATALOG, TABLE, ProbedShop, ready
from support.recorded_cluster import RecordedCluster, namespace, pod
from support.recorded_pods import RecordedPods

pytestmark = pytest.mark.slow


GRANTED = {("10.0.0.2", 8080), ("10.0.1.1", 6379), ("10.0.1.3", 9090), ("api.example.com", 443)}


@pytest.fixture
def shop(tmp_path: Path) -> ProbedShop:
    return ProbedShop(tmp_path)


def enforced(role: str, host: str, port: int) -> str:
    """A cluster whose plugin does what the policies say."""
    return "answered" if role == "control" or (host, port) in GRANTED else "silent"


_OWN_DNS = "{profile: custom, to: [{podSelector: {matchLabels: {app: dns}}}], ports: [{port: 53, protocol: UDP}]}"


class Run:
    """One probe of the shop's web."""

    def __init__(
        self, shop: ProbedShop, pods: RecordedPods, *more: Object, plan: ProbePlan | None = None, **cluster: Any
    ) -> None:
        self.pods = pods
        self.report = Report()
        reader = shop.cluster(*more, **cluster)
        self.result = probe_cluster(plan or shop.plan(), reader, pods, None, 10, Patience(60), self.report, nullcontext)

    @property
    def seen(self) -> ProbeReport:
        assert self.result is not None, self.report.diagnostics
        return self.result

    @property
    def codes(self) -> list[str]:
        return [it.code.id for it in self.report.sorted()]

    def finding(self, code: str) -> Diagnostic:
        (found,) = [it for it in self.report.diagnostics if it.code.id == code]
        return found

    def verdicts(self) -> dict[str, str]:
        return {it.key: it.verdict for it in self.seen.connections}


def test_a_policy_that_holds(shop: ProbedShop) -> None:
    probed = Run(shop, RecordedPods(enforced))
    assert probed.codes == []
    assert set(probed.verdicts().values()) == {"ok"}
    assert probed.seen.dns.verdict == "ok"
    assert [(it.key, it.subject, it.control) for it in probed.seen.connections][3:5] == [
        ("redis-6379", "answered", "answered"),
        ("redis-9121", "silent", "answered"),
    ]


def test_a_service_without_dns_is_not_to_resolve_names(tmp_path: Path) -> None:
    catalog = CATALOG + "  web: {dns: {profile: none}}\n"
    shop = ProbedShop(tmp_path, catalog=catalog)
    closed = Run(shop, RecordedPods(enforced, dns={"subject": False}))
    assert closed.codes == []
    assert (closed.seen.dns.expect, closed.seen.dns.verdict, closed.seen.dns.reason) == ("deny", "ok", "closed")
    assert closed.pods.made[1]["spec"]["containers"][0]["args"][5] == "none"
    opened = Run(shop, RecordedPods(enforced))
    assert opened.finding("EG658").message == '"web" to DNS (profile "none"): it resolves, but should not'
    assert (opened.seen.dns.verdict, opened.seen.dns.reason) == ("not ok", "open")


def test_a_row_that_names_dns_lets_a_service_resolve_names(tmp_path: Path) -> None:
    catalog = CATALOG + "  web: {dns: {profile: none}}\n"
    shop = ProbedShop(tmp_path, catalog=catalog, table=TABLE.replace("| orders,", "| kube-dns, orders,"))
    assert shop.plan().lookup == "allow"
    seen = Run(shop, RecordedPods(enforced)).seen
    assert (seen.dns.expect, seen.dns.verdict) == ("allow", "ok")


def test_a_baseline_lets_a_service_resolve_names(tmp_path: Path) -> None:
    baseline = f"{{deny: egress, dns: {_OWN_DNS}}}"
    project = f"cluster: {{dns: {{profile: none}}, namespaces: {{shop: {{baseline: {baseline}}}}}}}\n"
    assert ProbedShop(tmp_path, project=project).plan().lookup == "allow"


def test_dns_of_a_baseline_has_the_name_of_its_profile(tmp_path: Path) -> None:
    project = "cluster: {dns: {profile: none}, namespaces: {shop: {baseline: {deny: egress, dns: {profile: any}}}}}\n"
    probed = Run(ProbedShop(tmp_path, project=project), RecordedPods(enforced, dns={"subject": False}))
    said = '"web" to DNS (profile "any"): the name does not resolve, but does for the control pod'
    assert said in [it.message for it in probed.report.diagnostics]
    # The values of the service do not say that its namespace lets it resolve names: the chart expects neither.
    assert probed.pods.made[1]["spec"]["containers"][0]["args"][5] == "none"


def test_the_pods_are_the_charts_and_gone_at_the_end(shop: ProbedShop) -> None:
    probed = Run(shop, RecordedPods(enforced))
    assert probed.pods.held == {}
    control, subject = probed.pods.made
    assert subject["metadata"]["labels"] == {"app": "web", RUN_LABEL: "web"}
    assert control["metadata"]["labels"] == {"network-policy/role": "control", RUN_LABEL: "web"}
    assert [it["metadata"]["annotations"] for it in (control, subject)] == [{ROLE: "control"}, {ROLE: "subject"}]
    for made in (control, subject):
        (owner,) = made["metadata"]["ownerReferences"]
        assert (owner["name"], owner["uid"], owner["controller"]) == ("web", "uid-of-web", True)
        words = made["spec"]["containers"][0]["args"]
        start = words.index("metrics-http")
        assert words[start : start + 5] == ["metrics-http", "allow", "TCP", "10.0.1.3", "9090"]


def test_what_a_row_grants_and_somebody_blocks_is_shown_at_the_row(shop: ProbedShop) -> None:
    def blocked(role: str, host: str, port: int) -> str:
        return "silent" if (role, port) == ("subject", 6379) else enforced(role, host, port)

    probed = Run(shop, RecordedPods(blocked))
    found = probed.finding("EG658")
    assert found.primary.span.line == 3
    assert found.primary.span.source.name == "services.md"
    assert '"web" to redis at 10.0.1.1 on 6379/TCP: no answer, but the control pod gets one' in found.message
    assert found.primary.text == "the live policies allow it"
    assert probed.verdicts()["redis-6379"] == "not ok"


def test_an_ingress_that_is_closed_is_named(shop: ProbedShop) -> None:
    guard = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "redis-only", "namespace": "data"},
        "spec": {"podSelector": {"matchLabels": {"app": "redis"}}, "policyTypes": ["Ingress"], "ingress": []},
    }
    probed = Run(
        shop,
        RecordedPods(lambda role, host, port: "silent" if role == "subject" and port == 6379 else "answered"),
        guard,
    )
    found = next(it for it in probed.report.diagnostics if it.code.id == "EG658" and "redis" in it.message)
    assert "the destination's ingress denies it" in found.primary.text
    assert "data/redis-only" in found.help


def test_an_ingress_that_lets_the_namespace_in_is_not_blamed(shop: ProbedShop) -> None:
    peer = {"namespaceSelector": {"matchLabels": {"team": "web"}}}
    guard = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "redis-only", "namespace": "data"},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [peer]}]},
    }
    around = (namespace("shop", team="web"), *AROUND[1:])
    blocked = RecordedPods(lambda role, host, port: "silent" if role == "subject" and port == 6379 else "answered")
    probed = Run(shop, blocked, guard, around=around)
    found = next(it for it in probed.report.diagnostics if it.code.id == "EG658" and "redis at" in it.message)
    assert found.primary.text == "the live policies allow it"


def test_a_live_policy_that_selects_other_pods_is_said(shop: ProbedShop) -> None:
    policies = [it for it in shop.installed() if it["kind"] == "NetworkPolicy"]
    policies[0]["spec"] = {**policies[0]["spec"], "podSelector": {"matchLabels": {"app": "web-old"}}}
    pods, report = RecordedPods(enforced), Report()
    cluster = RecordedCluster((*AROUND, shop.installed()[0], *policies))
    assert probe_cluster(shop.plan(), cluster, pods, None, 10, Patience(60), report, nullcontext) is None
    assert [it.code.id for it in report.diagnostics] == ["EG644", "EG660"]
    assert "its policy does not select the probing pod" in report.diagnostics[-1].message
    assert pods.made == []


def test_what_is_open_though_no_row_grants_it_is_shown_at_the_service(shop: ProbedShop) -> None:
    probed = Run(
        shop, RecordedPods(lambda role, host, port: "answered" if port == 5432 else enforced(role, host, port))
    )
    found = probed.finding("EG658")
    assert found.primary.span.line == 3
    assert '"web" to ledger at 10.0.1.4 on 5432/TCP: it answers, but should be denied' in found.message
    assert found.primary.text == "the live policies deny it"
    assert "network plugin enforces policies" in found.help


def test_a_policy_of_others_that_opens_it_is_named(shop: ProbedShop) -> None:
    wide = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "debug", "namespace": "shop"},
        "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]},
    }
    probed = Run(shop, RecordedPods(lambda role, host, port: "answered"), wide)
    causes = {it.primary.text for it in probed.report.diagnostics if it.code.id == "EG658"}
    assert causes == {"policy shop/debug in the cluster allows it"}


def test_nobody_answering_is_a_warning(shop: ProbedShop) -> None:
    probed = Run(shop, RecordedPods(lambda role, host, port: "refused" if port == 8080 else enforced(role, host, port)))
    assert probed.codes == ["EG659"]
    assert probed.verdicts()["orders-8080"] == "inconclusive"


def test_no_answer_for_the_control_at_all_is_an_error(shop: ProbedShop) -> None:
    probed = Run(shop, RecordedPods(lambda role, host, port: "silent"))
    assert probed.codes == ["EG661"]
    assert "no policy is known to isolate the control pod" in probed.finding("EG661").primary.text


def test_a_policy_that_isolates_the_control_is_named(shop: ProbedShop) -> None:
    closed = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "default-deny", "namespace": "shop"},
        "spec": {"podSelector": {}, "policyTypes": ["Egress"]},
    }
    probed = Run(shop, RecordedPods(lambda role, host, port: "silent"), closed)
    assert "policy shop/default-deny isolates the control pod too" in probed.finding("EG661").primary.text


def test_dns_is_told_apart_from_a_block(shop: ProbedShop) -> None:
    def nameless(role: str, host: str, port: int) -> str:
        return "unresolved" if role == "subject" and host[0].isalpha() else enforced(role, host, port)

    probed = Run(shop, RecordedPods(nameless, dns={"subject": False}))
    assert probed.seen.dns.verdict == "not ok"
    assert {it.key: it.reason for it in probed.seen.connections if it.verdict == "not ok"} == {
        "payments-443": "dns-blocked",
        "api-server": "dns-blocked",
    }
    assert probed.codes == ["EG658"] * 3


def test_a_service_that_is_not_installed_is_not_probed(shop: ProbedShop) -> None:
    pods = RecordedPods(enforced)
    report = Report()
    cluster = ProbedShop.cluster(shop, around=AROUND)
    bare = type(cluster)(tuple(it for it in cluster.objects if it["kind"] not in ("NetworkPolicy", "Secret")))
    assert probe_cluster(shop.plan(), bare, pods, None, 10, Patience(60), report, nullcontext) is None
    assert [it.code.id for it in report.diagnostics] == ["EG642"]
    assert pods.made == []


def test_an_outdated_policy_is_said_and_probed(shop: ProbedShop) -> None:
    installed = shop.installed()
    path = shop.folder / "services.md"
    path.write_text(TABLE.replace(", redis:6379", ""), "utf-8")
    assert run(["compile"], shop.folder).exit_code == 0
    report = Report()
    cluster = shop.cluster()
    older = type(cluster)((*AROUND, *installed))
    result = probe_cluster(shop.plan(), older, RecordedPods(enforced), None, 10, Patience(60), report, nullcontext)
    assert result is not None
    codes = [it.code.id for it in report.diagnostics]
    assert "EG643" in codes
    assert {it.key: it.verdict for it in result.connections}["redis-6379"] == "not ok"


def test_leftovers_of_a_killed_run_are_removed(shop: ProbedShop) -> None:
    probed = Run(shop, RecordedPods(enforced), pod("shop", "web-probe-old", {"app": "web", RUN_LABEL: "web"}))
    assert probed.pods.deleted[0] == "web-probe-old"
    assert probed.result is not None
    assert probed.result.removed == 1


def test_a_refused_pod_is_said_in_the_servers_words(shop: ProbedShop) -> None:
    probed = Run(shop, RecordedPods(refusal='pods "web-probe" is forbidden: exceeded quota'))
    assert probed.result is None
    assert "exceeded quota" in probed.finding("EG660").message


def test_a_pod_that_ends_early_is_said_and_its_log_read_as_far_as_it_goes(shop: ProbedShop) -> None:
    log = "TAP version 14\n1..9\nBail out! this image has no nc\n"
    probed = Run(shop, RecordedPods(enforced, logs={"subject": log}))
    assert "the subject pod ended early: this image has no nc" in probed.finding("EG660").message
    assert set(probed.verdicts().values()) == {"inconclusive"}


def test_a_chart_without_the_pods_says_what_to_include(shop: ProbedShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("egressc.probe.run.render_pods", lambda plan, settings, report: "---\n")
    probed = Run(shop, RecordedPods(enforced))
    assert "the chart renders no pods for it" in probed.finding("EG660").message
    assert "network-policy.probe" in probed.finding("EG660").help


def test_a_selector_of_expressions_gets_a_pod_that_it_selects(tmp_path: Path) -> None:
    selector = "{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [front, back]}]}"
    catalog = (
        "defaults: {namespace: shop, selector: {app: '{id}'}}\n"
        f"destinations:\n  web: {{selector: {selector}}}\n"
        "  redis: {namespace: data, ports: [6379]}\n"
    )
    table = "| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | redis |\n"
    shop = ProbedShop(tmp_path, table=table, catalog=catalog)
    probed = Run(shop, RecordedPods(enforced))
    labels = probed.pods.made[1]["metadata"]["labels"]
    assert {"app": "web", "tier": "back"}.items() <= labels.items()
    assert probed.codes == []


def test_a_selector_that_only_excludes_keeps_the_control_out(tmp_path: Path) -> None:
    selector = "{matchExpressions: [{key: track, operator: NotIn, values: [canary]}]}"
    catalog = (
        "defaults: {namespace: shop, selector: {app: '{id}'}}\n"
        f"destinations:\n  web: {{selector: {selector}}}\n"
        "  redis: {namespace: data, ports: [6379]}\n"
    )
    table = "| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | redis |\n"
    probed = Run(ProbedShop(tmp_path, table=table, catalog=catalog), RecordedPods(enforced))
    control, subject = probed.pods.made
    assert control["metadata"]["labels"]["track"] == "canary"
    assert subject["metadata"]["labels"].get("track") != "canary"


def test_what_a_person_names_points_at_the_option(shop: ProbedShop) -> None:
    plan = shop.plan(named=read_named(["10.0.1.4:5432"], []))
    probed = Run(shop, RecordedPods(enforced), plan=plan)
    found = probed.finding("EG658")
    assert (found.primary.span.source.name, found.primary.span.text) == ("--allow", "10.0.1.4:5432")
    assert "nothing" not in found.message
    assert "row" in found.help


def test_what_does_not_run_is_left_out_and_said(tmp_path: Path) -> None:
    shop = ProbedShop(tmp_path)
    report = Report()
    around = (*(it for it in AROUND if "status" not in it), ready("shop", "web-1", "10.0.0.1", 80))
    plan = shop.plan()
    pods = RecordedPods(enforced)
    result = probe_cluster(plan, shop.cluster(around=around), pods, None, 0, Patience(60), report, nullcontext)
    assert result is not None  # a host outside is a name, and can be tried
    assert [it.key for it in result.connections] == ["payments-443"]
    assert [it.name for it in result.skipped] == ["metrics", "orders", "redis"]
