"""Tables as teams write them, in every layout, over the names of one small platform.

A table is kept as it is meant (a row per service, connection or thing); the part of a column says what a change of its
cells may mean.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st

from reading.made import Document, Made, Part, Project

CATALOG: Final = """
defaults:
  namespace: shop
  selector: {app: "{id}"}
destinations:
  web: {ports: [8080]}
  cart: {ports: [8080]}
  orders: {ports: [8080, 9090]}
  billing: {ports: [8443], aliases: [Billing API]}
  mailer: {ports: [8025]}
  Redis: {ports: [6379], aliases: [session cache]}
  PostgreSQL: {ports: [5432], namespace: data, aliases: [orders-db]}
  Kafka: {ports: [9092], namespace: events}
  Payment API: {addresses: [203.0.113.0/24], ports: [443]}
  Operators: {policy: none}
  Edge: {policy: none, namespace: edge}
  kube-dns: {aliases: [DNS Server]}
groups:
  Data stores: {members: [PostgreSQL, Redis]}
  Front: {members: [web, cart]}
  Backend: {allServices: true, except: [web]}
"""
SERVICES: Final = ("web", "cart", "orders", "billing", "mailer")
THINGS: Final = ("Redis", "PostgreSQL", "Kafka", "Payment API", "session cache", "orders-db", "Billing API")
BROAD: Final = ("All services", "Data stores", "Backend", "Front", "DNS Server", "198.51.100.0/24:443")
# What each name stands for; broad names stand for several, and are in no set of their own.
MEMBERS: Final = {"Data stores": ("PostgreSQL", "Redis"), "Front": ("web", "cart")}
NO_WORKLOADS: Final = ("Operators", "Edge", "Payment API", "DNS Server", "198.51.100.0/24:443")
USUAL_PORTS: Final = {"web": "8080", "cart": "8080", "orders": "8080", "billing": "8443", "mailer": "8025"}

_ALLOW: Final = ("allow", "Allow", "ALLOWED", "yes", "\u2705", "permitted", "Accept", "[x]")
_DENY: Final = ("deny", "Denied", "BLOCKED", "no", "\u274c", "drop", "not allowed")
PENDING: Final = ("planned", "pending", "deprecated", "until 2030-01-01")

services = st.sampled_from(SERVICES)
things = st.sampled_from((*SERVICES, *THINGS))
targets = st.one_of(things, things, things, st.sampled_from(BROAD))
origins = st.one_of(services, services, services, st.sampled_from(("All services", "Front", "Backend", *NO_WORKLOADS)))
ports = st.sampled_from(("8080", "5432/TCP", "TCP 6379", "443", "53/UDP", "8080, 9090", "8000-8010", "HTTPS 443"))
numbers = st.sampled_from(("8080", "5432", "443", "8080, 9090", "8000-8010"))
texts = st.sampled_from(("", "", "reads sessions", "see the runbook", "owned by the shop team", "since 2021"))
verdicts = st.sampled_from((*_ALLOW, *_ALLOW, *_DENY, *PENDING))
answers = st.sampled_from(("no", "No", "\u274c", "no", "yes", "Yes"))


@st.composite
def names(draw: st.DrawFn, of: st.SearchStrategy[str], *, with_ports: bool = True) -> str:
    """A cell of one name or several."""
    listed = draw(st.lists(of, min_size=1, max_size=3, unique=True))
    if with_ports:
        listed = [f"{it} ({draw(numbers)})" if ":" not in it and not draw(st.integers(0, 4)) else it for it in listed]
    return draw(st.sampled_from((", ", "; ", "\n"))).join(listed)


Column = tuple[str, Part, st.SearchStrategy[str]]


def _nothing_or(cells: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(("None", "-", "")), cells, cells)


def _extras(*, german: bool) -> dict[str, Column]:
    """Columns that any table can have, by what they are."""
    return {
        "notes": ("Bemerkung" if german else "Notes", Part.TEXT, texts),
        "team": ("Team", Part.TEXT, st.sampled_from(("", "shop", "core"))),
        "odd": ("Ref", Part.TEXT, st.sampled_from(("", "A-1", "B-2"))),
        "tls": ("TLS", Part.QUESTION, st.sampled_from(("yes", "no", ""))),
    }


@st.composite
def _service_tables(draw: st.DrawFn) -> Made:
    german = draw(st.booleans())
    listed = _nothing_or(names(targets))
    columns: list[Column] = [("Dienst" if german else "Service", Part.NAME, services)]
    choices: dict[str, Column] = {
        "needs": ("Ben\u00f6tigt" if german else "Dependencies", Part.NAMES, listed),
        "external": ("Externe Ziele" if german else "External access", Part.NAMES,
                     _nothing_or(st.sampled_from(("Payment API", "198.51.100.7:443", "Payment API (HTTPS 443)")))),
        "callers": ("Aufgerufen von" if german else "Called by", Part.NAMES,
                    _nothing_or(names(origins, with_ports=False))),
        "ingress": ("Ingress from", Part.NAMES, _nothing_or(names(services, with_ports=False))),
        "namespace": ("Namensraum" if german else "Namespace", Part.PLACE, st.sampled_from(("", "shop"))),
        "status": ("Status", Part.VERDICT, st.sampled_from(("live", "", "active", "planned", "deprecated"))),
        "allowed": ("Allowed", Part.VERDICT, verdicts),
        "blocked": ("Blocked", Part.INVERTED, answers),
        **_extras(german=german),
    }  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, min_size=1, max_size=5))
    if not {"needs", "external", "callers"}.intersection(chosen):
        chosen.append("needs")
    columns += [choices[it] for it in chosen]
    table = draw(_filled("services", columns, 4))
    on_its_side = not draw(st.integers(0, 4)) and len({row[0] for row in table.rows}) == len(table.rows) > 0
    return replace(table, on_its_side=on_its_side)


@st.composite
def flow_tables(draw: st.DrawFn, *, is_plain: bool = False) -> Made:
    """`is_plain`: what YAML can say too."""
    german = not is_plain and draw(st.booleans())
    one = is_plain or draw(st.booleans())
    source = origins if one else names(origins, with_ports=False)
    target = targets if one else names(targets)
    if not is_plain and not draw(st.integers(0, 4)):
        pairs = st.tuples(services, st.sampled_from((" -> ", " \u2192 ", " => ")), targets).map("".join)
        columns: list[Column] = [("Connection", Part.CONNECTION, pairs)]
    else:
        columns = [
            ("Von" if german else draw(st.sampled_from(("From", "Source", "Client"))), Part.NAME, source),
            ("Nach" if german else draw(st.sampled_from(("To", "Destination", "Target"))), Part.NAME, target),
        ]
    ported = draw(st.sampled_from(("column", "protocol", "none", "column", "protocol")))
    if ported == "column":
        columns.append(("Port", Part.PORT, st.one_of(ports, ports, st.just(""))))
    elif ported == "protocol":
        columns += [("Protokoll" if german else "Protocol", Part.PORT, st.sampled_from(("TCP", "UDP", "TCP"))),
                    ("Port", Part.PORT, numbers)]  # fmt: skip
        if draw(st.booleans()):
            columns[-2:] = reversed(columns[-2:])
    choices: dict[str, Column] = {
        "verdict": (draw(st.sampled_from(("Action", "Allowed", "Expected", "Verdict"))), Part.VERDICT, verdicts),
        "blocked": (draw(st.sampled_from(("Blocked", "Denied"))), Part.INVERTED, answers),
        "unknown": ("Firewall team says", Part.VERDICT, st.sampled_from(("ALLOWED", "BLOCKED", "allowed", "denied"))),
        "direction": ("Direction", Part.VERDICT, st.sampled_from(("egress", "outbound", "ingress"))),
        "purpose": ("Zweck" if german else "Purpose", Part.TEXT, texts),
        **_extras(german=german),
    }
    if not is_plain:
        chosen = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, max_size=4))
        columns += [choices[it] for it in chosen]
    table = draw(_filled("flows", columns, 5))
    if is_plain or columns[0][1] is not Part.NAME or draw(st.integers(0, 3)):
        return table
    rows = [table.rows[0]] if table.rows else []
    for row in table.rows[1:]:
        rows.append(("", *row[1:]) if draw(st.booleans()) else row)
    return replace(table, rows=tuple(rows), rules={"blank": "as above"}, is_ordered=True)


@st.composite
def _destination_tables(draw: st.DrawFn) -> Made:
    owner = draw(services)
    columns: list[Column] = [("Destination", Part.NAME, things), ("Port", Part.PORT, st.one_of(ports, st.just("")))]
    choices: dict[str, Column] = {
        "purpose": ("Purpose", Part.TEXT, texts),
        "allowed": ("Allowed", Part.VERDICT, verdicts),
        "status": ("Status", Part.VERDICT, st.sampled_from(("live", "planned", ""))),
        **_extras(german=False),
    }
    columns += [choices[it] for it in draw(st.lists(st.sampled_from(sorted(choices)), unique=True, max_size=3))]
    return replace(draw(_filled("destinations", columns, 4)), heading=f"{owner} egress rules")


@st.composite
def inventories(draw: st.DrawFn) -> Made:
    columns: list[Column] = [("Component", Part.NAME, st.sampled_from((*SERVICES, "Redis", "PostgreSQL", "Kafka")))]
    choices: dict[str, Column] = {
        "purpose": ("Purpose", Part.TEXT, texts),
        **_extras(german=False),
    }
    columns += [choices[it] for it in draw(st.lists(st.sampled_from(sorted(choices)), unique=True, min_size=1))]
    return draw(_filled("inventory", columns, 4, unique=True))


@st.composite
def _grids(draw: st.DrawFn) -> Made:
    across = draw(st.lists(things, min_size=2, max_size=4, unique=True))
    down = draw(st.lists(services, min_size=1, max_size=4, unique=True))
    cell = st.one_of(st.sampled_from(("", "", "\u2705", "no", "\u274c", "yes", "-")), numbers)
    rows = tuple((name, *("-" if name == it else draw(cell) for it in across)) for name in down)
    turned = draw(st.booleans())
    if turned:
        lines = list(zip(*((("", *across)), *rows), strict=True))
        headers, rows = (r"To \ From", *lines[0][1:]), tuple(lines[1:])
    else:
        headers = (r"From \ To", *across)
    parts = (Part.NAME, *(Part.VERDICT for _ in headers[1:]))
    return Made("grid", draw(_headings), headers, parts, rows)


_headings: Final = st.integers(1, 999).map(lambda it: f"Section {it}")


@st.composite
def _filled(draw: st.DrawFn, layout: str, columns: list[Column], most: int, *, unique: bool = False) -> Made:
    rows = draw(st.lists(st.tuples(*(cells for _, _, cells in columns)), min_size=1, max_size=most))
    if unique:
        rows = list({row[0]: row for row in rows}.values())
    headers = tuple(header for header, _, _ in columns)
    return Made(layout, draw(_headings), headers, tuple(part for _, part, _ in columns), tuple(rows))


tables: Final = st.one_of(
    _service_tables(), _service_tables(), flow_tables(), flow_tables(), _destination_tables(), inventories(), _grids()
)


def _with_places(listed: list[Made], prefix: str) -> tuple[Made, ...]:
    """Each heading once, but for those that name a service."""
    return tuple(
        it if it.layout == "destinations" else replace(it, heading=f"{prefix} {at}") for at, it in enumerate(listed)
    )


@st.composite
def documents(draw: st.DrawFn, name: str = "first") -> Document:
    held = _with_places(draw(st.lists(tables, min_size=1, max_size=3)), name.capitalize())
    suffix = draw(st.sampled_from(("md", "md", "md", "csv")))
    if suffix == "csv":
        held = tuple({it.heading: it for it in held}.values())
    return Document(f"{name}.{suffix}", held)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    held = [draw(documents())]
    if not draw(st.integers(0, 2)):
        held.append(draw(documents("second")))
    return Project(tuple(held))


def change(
    draw: Callable[..., Any], project: Project, parts: Sequence[Part]
) -> tuple[tuple[int, int], int, int] | None:
    """A cell of one of these parts: its table, its row and its column; None where the project has none."""
    cells = [
        (place, row, column)
        for place in project.places()
        for row in range(len(project.table(place).rows))
        for column, part in enumerate(project.table(place).parts)
        if part in parts
    ]
    return draw(st.sampled_from(cells)) if cells else None
