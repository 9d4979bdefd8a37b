"""Flow reports by hand: a fleet of any size, and one whose every word tries to be markup."""

from collections.abc import Iterable

from egressc.renderers.audit import AuditFlow, AuditReport
from egressc.renderers.flows import Flow, FlowReport, Node, ReportedDenial, ReportedGuardrail
from egressc.renderers.reading import CellRecord, Column, Fault, ReadReport, RowRecord, TableRecord, Text

HOSTILE = (
    "</script><script>document.title='broken'</script>",
    '"><img src=x onerror="document.title=1">',
    "<!--<script>",
    "{{data}} ${x} `y` {{rows}}",
    "javascript:alert(1) \u2028\u2029 \x1b[31m \u202e",
    "| a | b |\n# heading @team #1 [x](http://e.example) **b**",
    "=cmd|' /C calc'!A0",
    '-->|x| n0; click n0 "javascript:alert(1)"',
)


def flow(source: str, destination: str, port: str = "443", **others: object) -> Flow:
    known: dict[str, object] = {
        "protocol": "TCP",
        "ports": (port,),
        "flow_class": "exact",
        "reason": "",
        "reaches": f"pods app={destination}",
        "is_internet": False,
        "purpose": "",
        "asked_in": ("services.md:1",),
    }
    return Flow(source=source, destination=destination, **{**known, **others})  # type: ignore[arg-type]  # by name


def fleet(count: int) -> FlowReport:
    """Services in namespaces of fifty, each on three stores and on the next service; every tenth leaves the cluster."""
    nodes = [Node(f"service-{i}", f"Service {i}", f"team-{i // 50}", "service") for i in range(count)]
    nodes.append(Node("DNS", "DNS", "kube-system", "destination"))
    nodes += [Node(f"store-{i}", f"Store {i}", f"data-{i % 4}", "destination") for i in range(20)]
    nodes.append(Node("payments", "Payment API", "", "internet"))
    flows = []
    for i in range(count):
        me = f"service-{i}"
        flows += [flow(me, "DNS", "53"), flow(me, "DNS", "53", protocol="UDP")]
        flows += [flow(me, f"store-{(i * step) % 20}", "5432", purpose=f"Store of {me}") for step in (1, 3, 7)]
        if i + 1 < count:
            flows.append(flow(me, f"service-{i + 1}", "8000-8100", asked_in=(f"services.md:{i}", f"more.md:{i}")))
        if i % 10 == 0:
            flows.append(
                flow(me, "payments", is_internet=True, flow_class="approximate", reason="pay.example: no host names")
            )
        if i % 25 == 1:
            flows.append(flow(me, "store-0", "http", flow_class="extra", asked_in=(f"values/{me}.yaml:40",)))
    return FlowReport("services.md", tuple(nodes), tuple(flows), reading=read_fleet(count, flows))


def read_fleet(count: int, flows: list[Flow]) -> ReadReport:
    """A table of the fleet: the cell of each service grants the flow to the next one, which stands in its line."""
    rules = {flow.source: at for at, flow in enumerate(flows) if flow.asked_in[-1].startswith("more.md")}
    rows = []
    for i in range(count):
        me = f"service-{i}"
        needs = CellRecord(
            "Store" if me in rules else "None", i, 20, "grants" if me in rules else "describes", "dependencies"
        )
        needs = needs._replace(rules=(rules[me],) if me in rules else ())
        team = CellRecord(f"team-{i // 50}", i, 40, "ignored", "no role")
        rows.append(RowRecord(i, "grants", (CellRecord(f"Service {i}", i, 3, "describes", "service"), needs, team)))
    columns = (Column("Service", "service"), Column("Needs", "dependencies"), Column("Team", ""))
    table = TableRecord("services.md", 1, "Services", "services", "", columns, tuple(rows))
    return ReadReport(("services.md",), (table,), ())


def read_hostile() -> ReadReport:
    cells = tuple(
        CellRecord(text, 1, 1, "refused", text, (Fault("EG301", text),), (at,)) for at, text in enumerate(HOSTILE)
    )
    columns = tuple(Column(text, text) for text in HOSTILE)
    table = TableRecord(HOSTILE[0], 1, HOSTILE[1], "services", "", columns, (RowRecord(1, "refused", cells),))
    left_out = TableRecord(HOSTILE[2], 1, HOSTILE[3], "left out", HOSTILE[4], columns, ())
    texts = tuple(Text(text, 1, text, text) for text in HOSTILE)
    return ReadReport(HOSTILE, (table, left_out), texts, HOSTILE)


def guardrails(texts: Iterable[str]) -> tuple[ReportedGuardrail, ...]:
    """One for each text, which is all that it says."""
    return tuple(
        ReportedGuardrail(
            text,
            text,
            text,
            tuple(ReportedDenial(it, text, text[::-1], text) for it in ("egress", "ingress")),
            text,
            text,
        )
        for text in texts
    )


def hostile() -> FlowReport:
    nodes = [Node(f"n{i}", text, HOSTILE[-i], "service" if i % 2 else "internet") for i, text in enumerate(HOSTILE)]
    flows = [
        flow("n1", f"n{i}", purpose=text, reason=text, reaches=text, asked_in=(text,), is_internet=not i % 2)
        for i, text in enumerate(HOSTILE)
    ]
    return FlowReport(HOSTILE[0], tuple(nodes), tuple(flows), reading=read_hostile())


def leaving(count: int) -> AuditReport:
    """Services that leave the cluster, to one of nine destinations each; the first of these states nothing."""
    return AuditReport("services.md", tuple(_leaving(i) for i in range(count)))


def _leaving(i: int) -> AuditFlow:
    stated = {"owner": ("Sales",), "region": (f"eu-west-{i % 3}",), "via": ("192.0.2.10",)} if i % 9 else {}
    ends = f"service-{i}", f"Service {i}", "shop", f"partner-{i % 9}", f"Partner {i % 9}"
    breaks = () if i % 9 else ("GDPR (egressc.yaml:4)",)
    where = (f"services.md:{i}",)
    return AuditFlow(*ends, "443/TCP", "203.0.113.0/24", True, stated, "exact", "", f"Purpose {i}", where, breaks)


def hostile_leaving() -> AuditReport:
    return AuditReport(HOSTILE[0], tuple(map(_hostile_leaving, HOSTILE)))


def _hostile_leaving(text: str) -> AuditFlow:
    stated = dict.fromkeys(("owner", "region", "via", "data"), (text,))
    return AuditFlow(text, text, text, text, text, text, text, True, stated, text, text, text, (text,), (text,))
