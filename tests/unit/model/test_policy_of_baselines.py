"""What only the baseline of a namespace says, or an opt-in, is found by the checks too."""

from support.compiled import compile_text, services
from support.tables import each

CATALOG = """\
defaults: {namespace: shop, selector: {app: '{id}'}}
destinations:
  Redis: {namespace: data, ports: [6379]}
  Void:
    namespace: data
    selector: {matchLabels: {app: a}, matchExpressions: [{key: app, operator: DoesNotExist}]}
    ports: [1]
"""
NO_DNS = "dns: {profile: none}, "
SHOP = services("web | Redis | None", "cart | None | None")


def codes(baseline: str, more: str = "", text: str = SHOP) -> set[str]:
    project = f"{more}cluster: {{{NO_DNS}ipFamilies: [IPv6], namespaces: {{shop: {{baseline: {{{baseline}}}}}}}}}\n"
    _, report = compile_text(text, CATALOG, project)
    return {it.code.id for it in report.diagnostics} - {"EG413", "EG430", "EG444", "EG463", "EG468"}


@each(
    ("baseline", "found"),
    [
        ("deny: egress, dns: {profile: nodelocal}", {"EG328"}),
        ("deny: egress, allowTo: [HBONE]", {"EG470"}),
        ("deny: egress, optIns: {mesh: {selector: {mesh: ambient}, to: [HBONE]}}", {"EG470"}),
        ("deny: ingress, allowFrom: [{name: Redis, ports: [15008]}]", {"EG470"}),
        ("deny: egress, allowTo: [Void]", {"EG445"}),
        ("deny: ingress, allowFrom: [Void]", {"EG445"}),
        ("deny: egress, optIns: {odd: {selector: {odd: pod}, to: [Void]}}", {"EG445"}),
        ("deny: egress, optIns: {odd: {selector: {odd: pod}, to: [Redis]}}", set()),
    ],
)
def test_what_baselines_and_opt_ins_alone_say(baseline: str, found: set[str]) -> None:
    assert codes(baseline) == found
