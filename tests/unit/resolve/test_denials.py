"""Rows that deny: what is wrong with their destinations is shown where they are written."""

from egressc.model.ports import say_ports
from support.compiled import compile_text, findings, services
from support.tables import each

FLOWS = "From | To | Port | Action"
NEEDS = "Service | Dependencies | Action"


@each(
    ("header", "row", "found"),
    [
        (FLOWS, "web | Rabbit | 1 | deny", ["EG301 Rabbit"]),
        (FLOWS, "web | Redis, Rabbit | 1 | deny", ["EG301 Rabbit"]),
        (FLOWS, "web | **Redis**, *Rabbit* | 1 | deny", ["EG301 Rabbit"]),
        (NEEDS, "web | Rabbit | deny", ["EG301 Rabbit"]),
        (NEEDS, "web | Redis, Rabbit | deny", ["EG301 Rabbit"]),
        (NEEDS, "web | Redis | deny", []),
    ],
)
def test_an_unknown_destination_is_pointed_at(header: str, row: str, found: list[str]) -> None:
    assert findings(services(row, header=header)) == found


CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Office: {addresses: [192.0.2.0/24], policy: none}
  Mail: {addresses: [198.51.100.25/32], ports: [587]}
  db: {selector: {app: db, tier: store}}
  stores: {selector: {tier: store}, ports: [9000]}
"""
SHOP = services("web | None | 8443", "cart | None | 8080", "db | None | 5432", header="Service | Calls | Listens on")


def denials(row: str, project: str, more: str = "") -> list[str]:
    text = SHOP + (services(row, header="From | To | Port | Allowed") if row else "") + more
    policies, report = compile_text(text, CATALOG, project)
    assert policies is not None, report.sorted()
    return [
        f"{it.service} {it.direction} {it.other.key if it.other else 'everything'} {say_ports(it.ports)}".strip()
        for it in policies.denials
    ]


@each(
    ("row", "egress", "ingress", "both"),
    [
        (
            "web | cart | 8080 | no",
            ["web egress cart 8080/TCP"],
            ["cart ingress web 8080/TCP"],
            ["web egress cart 8080/TCP"],
        ),
        ("Office | cart | | no", [], ["cart ingress office"], ["cart ingress office"]),
        ("web | Mail | 587 | no", ["web egress mail 587/TCP"], [], ["web egress mail 587/TCP"]),
        ("web | any | 25 | no", ["web egress everything 25/TCP"], [], ["web egress everything 25/TCP"]),
        ("web | web | | no", [], [], []),
        ("Office | stores | | no", [], ["db ingress office"], ["db ingress office"]),
        ("web | stores | | no", ["web egress stores"], ["db ingress web"], ["web egress stores"]),
        (
            "any | cart | 8080 | no",
            ["db egress cart 8080/TCP", "web egress cart 8080/TCP"],
            ["cart ingress everything 8080/TCP", "cart ingress db 8080/TCP", "cart ingress web 8080/TCP"],
            ["cart ingress everything 8080/TCP", "db egress cart 8080/TCP", "web egress cart 8080/TCP"],
        ),
        (
            "any | any | | no",
            ["cart egress everything", "db egress everything", "web egress everything"],
            ["cart ingress everything", "db ingress everything", "web ingress everything"],
            [f"{name} {side} everything" for name in ("cart", "db", "web") for side in ("egress", "ingress")],
        ),
    ],
)
def test_the_end_that_limits_a_connection_denies_it(
    row: str, egress: list[str], ingress: list[str], both: list[str]
) -> None:
    for project, expected in (("", egress), ("directions: ingress", ingress), ("directions: both", both)):
        assert denials(row, project) == expected


def test_a_row_below_the_heading_of_a_service_denies_alike() -> None:
    detail = "\n## web\n\n" + services("cart | 8080 | no", header="Destination | Port | Allowed")
    assert denials("", "", detail) == ["web egress cart 8080/TCP"]
    assert denials("", "directions: ingress", detail) == ["cart ingress web 8080/TCP"]


@each(
    ("row", "found"),
    [
        ("web | Mail | 587 | no", ["EG460 Mail"]),
        ("web | cart, Mail | 587 | no", ["EG460 cart, Mail"]),
        ("web | any | 25 | no", ["EG460 any"]),
        ("web | cart | 8080 | no", []),
        ("any | any | | no", []),
    ],
)
def test_a_denial_that_no_policy_holds_is_reported(row: str, found: list[str]) -> None:
    text = SHOP + services(row, header="From | To | Port | Allowed")
    ignored = ("EG444", "EG407", "EG251")
    for project, expected in (("", []), ("directions: ingress", found), ("directions: both", [])):
        assert [it for it in findings(text, CATALOG, project) if not it.startswith(ignored)] == expected


def test_a_caller_that_is_let_in_and_denied_is_a_contradiction() -> None:
    """Although its own rows do not ask for it."""
    header = "Service | Calls | Listens on | Ingress from"
    text = services("web | None | 8443 | None", "cart | None | 8080 | web", header=header)
    text += services("web | cart | 8080 | no", header="From | To | Port | Allowed")
    for project in ("directions: both", "directions: ingress"):
        assert "EG428 cart" in findings(text, CATALOG, project)
