"""Services that cannot resolve names, and policies that close the DNS pods."""

from support.compiled import compile_text, services
from support.tables import each

PROJECT = "cluster: {dns: {profile: none}, namespaces: {apps: {baseline: {deny: egress}}}}"


def said(count: int) -> list[str]:
    text = services(*(f"s{number} | None" for number in range(1, count + 1)), header="Service | Depends on")
    return [it.message for it in compile_text(text, project=PROJECT)[1].sorted() if it.code.id == "EG468"]


def test_at_most_five_are_named() -> None:
    assert said(1) == ['"s1" cannot resolve names']
    assert said(5) == ["5 services cannot resolve names: s1, s2, s3, s4, s5"]
    assert said(7) == ["7 services cannot resolve names: s1, s2, s3, s4, s5 and 2 more"]


BASELINE = "| Namespace | Default | Called by |\n|---|---|---|\n| kube-system | deny ingress | {} |\n\n"
WEB = services("web | None", header="Service | Depends on")


def closed_dns(text: str, baseline: str = "", more: str = "") -> list[str]:
    """Whose DNS is closed by a baseline of kube-system, or by more of the cluster's settings."""
    said = f"namespaces: {{kube-system: {{baseline: {{{baseline}}}}}}}" if baseline else "namespaces: {}"
    compiled = compile_text(text, project=f"cluster: {{{more}{said}}}")
    return [it.message.partition(" would")[0] for it in compiled[1].sorted() if it.code.id == "EG462"]


@each(
    ("opened", "closed"),
    [
        ("", True),
        (", allowFrom: [Namespace apps]", False),
        (", allowFrom: [{name: Namespace apps, ports: [53/UDP, 53/TCP]}]", False),
        (", allowFrom: [{name: Namespace apps, ports: [53/UDP]}]", True),
        (", allowFrom: [{name: Namespace apps, ports: [9153]}]", True),
        (", allowFrom: [Namespace data]", True),
        (", allowFrom: [{name: Anywhere, ports: [53/UDP, 53/TCP]}]", False),
        (", allowWithin: true", True),
    ],
)
def test_a_baseline_that_closes_the_dns_pods(opened: str, closed: bool) -> None:
    found = ['the baseline of namespace "kube-system"'] if closed else []
    assert closed_dns(WEB, f"deny: ingress{opened}") == found


def test_a_baseline_of_a_table_that_closes_the_dns_pods() -> None:
    closed = ['the baseline of namespace "kube-system"']
    assert closed_dns(BASELINE.format("None") + WEB) == closed
    assert closed_dns(BASELINE.format("Anywhere (53/UDP, 53/TCP)") + WEB) == []


@each(
    ("more", "baseline", "closed"),
    [
        ("", "deny: egress", False),
        ("dns: {profile: none}, ", "deny: ingress", False),
        ("dns: {profile: any}, ", "deny: ingress", False),
        ("dns: {profile: openshift}, ", "deny: ingress", False),
        ("dns: {profile: k8s-app-coredns}, ", "deny: ingress", True),
    ],
)
def test_dns_that_is_not_there_is_not_closed(more: str, baseline: str, closed: bool) -> None:
    assert bool(closed_dns(WEB, baseline, more)) is closed


def test_a_service_of_the_dns_pods_in_a_closed_namespace() -> None:
    text = services("web | None | ", "dns | None | kube-system", header="Service | Depends on | Namespace")
    catalog = (
        "defaults: {namespace: apps, selector: {app: '{id}'}}\ndestinations: {dns: {selector: {k8s-app: kube-dns}}}"
    )
    for opened, closed in (
        ("", ['the baseline of namespace "kube-system"']),
        (", allowFrom: [{name: Anywhere, ports: [53/UDP, 53/TCP]}]", []),
    ):
        project = f"cluster: {{namespaces: {{kube-system: {{baseline: {{deny: ingress{opened}}}}}}}}}"
        found = compile_text(text, catalog, project)[1].sorted()
        assert [it.message.partition(" would")[0] for it in found if it.code.id == "EG462"] == closed
