"""Words that limit a row to an environment or a time, plan it or call it over; and ordinary purposes that hold them."""

from egressc.model.policy import AddressPeer
from support.compiled import CATALOG, compile_text, findings, flows, services
from support.tables import each

FLOWS = "From | To | Port"
ROW = services("web | Redis | 6379", header=FLOWS)
GRANTED = ["web -> redis 6379/TCP"]


def remark(text: str, header: str = "Notes") -> str:
    return services(f"web | Redis | 6379 | {text}", header=f"{FLOWS} | {header}")


@each(
    "text",
    [
        *("never in prod", "not for production", "not on live", "only in staging", "only for the test cluster"),
        *(
            "staging",
            "only staging",
            "dev/test",
            "in the staging env",
            "not in staging",
            "during failover",
            "in case of an outage",
            "Staging.",
            "dev",
            "QA environment",
            "in staging",
            "on the dev cluster",
            "pre-production only",
        ),
        *(
            "prod only",
            "Prod only.",
            "(prod only)",
            "prod-only",
            "only prod",
            "only in production",
            "on prod only",
            "only used in prod",
        ),
        *(
            "restricted to prod",
            "exclusively in staging",
            "just in the live system",
            "except in prod",
            "in staging only",
        ),
        *(
            "non-prod",
            "no-prod",
            "stg",
            "for staging",
            "dev & staging only",
            "prod and staging only",
            "only if enabled",
        ),
        *("if enabled", "when needed", "on demand", "EU only", "US region only", "only local", "lab-only"),
        *("nur Prod", "nur in Prod", "nur f\u00fcr Staging", "ausschlie\u00dflich Produktion", "solo prod"),
        *("solo en producci\u00f3n", "uniquement en prod", "prod uniquement", "seulement pour staging"),
        *("weekdays only", "only during office hours", "only for emergencies", "failover only", "next quarter"),
        *("break glass", "break-glass access", "weekends", "Mon-Fri", "temporary", "on request", "only for incidents"),
        *("after approval", "requires security approval", "once migrated", "during deploys"),
        *("Please don't.", "please do not", "gone", "gone since release 4", "broken since May", "dead code", "legacy"),
        *(
            "from the 3.2 release onwards",
            "from release 4",
            "as of version 2",
            "after the migration",
            "before go-live",
            "preprod",
        ),
        *("was needed for v1", "used to be open", "replaced by Beta", "legacy, should go away", "next release"),
        *("behind a feature flag", "feature flag", "calls us", "they connect to us"),
        *("nur in staging", "nicht für Produktion", "nur werktags", "ersetzt durch Beta", "im nächsten Quartal"),
        *("im Katastrophenfall", "Testumgebung", "bitte nicht"),
        *("solo en pruebas", "no en producción", "reemplazado por Beta", "próximo trimestre", "en caso de desastre"),
        *("uniquement en test", "pas en production", "remplacé par Beta", "prochain trimestre", "en cas de sinistre"),
    ],
)
def test_a_remark_that_limits_its_row_is_refused(text: str) -> None:
    assert findings(remark(text)) == [f"EG218 {text}"]


@each("text", ["stores carts in staging only", "open, but not in production", "opens with the next release"])
def test_a_limit_in_a_sentence_is_a_warning(text: str) -> None:
    assert findings(remark(text, "Purpose")) == [f"EG226 {text}"]
    assert flows(remark(text, "Purpose")) == GRANTED


@each(
    "text",
    [
        *(
            "weekend rota",
            "incidents",
            "migration",
            "deploys",
            "incident reports",
            "temporary files",
            "weekly reports",
            "requests",
            "glass shop",
        ),
        *("staging area of uploads", "Staging", "stores files in staging areas", "archive storage", "Archive"),
        *(
            "test runner",
            "Test results",
            "in test reports",
            "template service",
            "Templates",
            "ideas board",
            "development data",
        ),
        *(
            "feature flags",
            "Feature flag lookup",
            "from v2 API",
            "only for test orders",
            "dev team",
            "in test mode",
            "staging first",
            "broken link checker",
            "legacy orders import",
            "Next.js assets",
        ),
        *("not only in staging", "live updates only", "local files only", "Integration", "prod", "when orders arrive"),
        *("next version numbers", "replaces Beta", "used to store sessions", "from the gateway", "dead letters"),
        *("production data", "live updates", "calls users", "forecast for next month", "disaster recovery copies"),
        *("nightly export", "reads releases", "migration of users", "dev tools"),
    ],
)
def test_an_ordinary_purpose_limits_nothing(text: str) -> None:
    header = "Team" if text in ("Staging",) else "Purpose"
    found = findings(remark(text, header))
    assert [it for it in found if not it.startswith("EG202")] == []
    assert flows(remark(text, header)) == GRANTED


LIMITS = [
    *("in staging", "next release", "feature flag", "dead code", "broken since May", "calls us", "staging only"),
    *(
        "Staging",
        "staging",
        "Prod",
        "QA",
        "QA2",
        "Test",
        "DR",
        "INT",
        "CI",
        "Produktion",
        "staging env",
        "prod cluster",
    ),
    *("Staging-Umgebung", "test instance", "prod and staging", "staging / uat", "dev/test", "metrics - staging"),
    *(
        "metrics in staging",
        "environment staging",
        "env: staging",
        "business hours",
        "during the migration",
        "nightly",
        "temp",
        "initial load",
        "for tests",
    ),
    *("till Q3", "till further notice", "until May", "Q4", "end of Q2"),
]


@each("text", LIMITS)
def test_a_limit_in_parentheses_is_refused(text: str) -> None:
    assert findings(services(f"web | Redis ({text}) | 6379", header=FLOWS)) == [f"EG318 {text}"]


@each(
    ("item", "unlimited"),
    [
        ("Redis (Staging)", "Redis"),
        ("Redis (9100, Staging)", "Redis (9100)"),
        ("Redis (staging, 9100, 9101)", "Redis (9100, 9101)"),
        ("Redis (Staging):9100", "Redis:9100"),
        ("Redis (staging):9100", "Redis:9100"),
    ],
)
def test_the_repair_of_a_limit_keeps_the_ports(item: str, unlimited: str) -> None:
    table = services(f"web | {item}", header="From | To")
    found = compile_text(table, CATALOG)[1].sorted()[0]
    assert found.code.id == "EG318"
    assert found.help.endswith(f'{{readAs: {{"{item}": "ignore"}}}} if it is not granted, or "{unlimited}" if it is')


@each("name", ["Internet", "End users", "203.0.113.0/24", "Namespace monitoring", "Prom", "Watchers", "All services"])
def test_a_caller_that_is_limited_is_refused(name: str) -> None:
    catalog = f"{CATALOG}  Prom: {{namespace: mon, policy: none}}\ngroups:\n  Watchers: {{members: [Prom, web]}}\n"
    for text in ("Staging", "staging", "Prod", "prod", "staging env"):
        called = services(f"web | None | {name} ({text})", "api | None | None", header="Service | Needs | Called by")
        assert findings(called, catalog, "directions: both") == [f"EG318 {text}"]
        flow = services("web | None", header="Service | Needs") + services(f"{name} ({text}) | web | 80", header=FLOWS)
        assert findings(flow, catalog, "directions: both") == [f"EG318 {text}"]


@each("name", ["Internet", "End users", "Browsers", "the world"])
@each("text", ["office", "VPN", "the office network", "partners", "from VPN", "HTTPS, office", "Stripe API"])
def test_what_stands_for_every_address_has_no_remark_that_makes_it_less(name: str, text: str) -> None:
    limit = text.rpartition(", ")[2]
    called = services(f"web | 80 | None | {name} ({text})", header="Service | Listens on | Needs | Called by")
    assert findings(called, CATALOG, "directions: both") == [f"EG318 {limit}"]
    named = f'{CATALOG}  "{name} ({text})": {{addresses: [203.0.113.0/24]}}\n'
    compiled, report = compile_text(called, named, "directions: both")
    assert compiled is not None
    assert not report.has_errors
    [grant] = compiled.services[0].callers
    assert grant.source.peers == (AddressPeer("203.0.113.0/24"),)
    if name == "Internet":
        assert findings(services(f"web | Internet ({text}) | 443", header=FLOWS)) == [f"EG318 {limit}"]


@each("text", ["HTTPS", "outbound HTTPS", "https", "Public", "HTTP/HTTPS"])
def test_what_stands_for_every_address_may_have_a_remark_that_does_not(text: str) -> None:
    assert findings(services(f"web | Internet ({text}) | 443", header=FLOWS)) == []


def test_a_service_may_have_the_name_of_every_address() -> None:
    table = services("web | Browser (the UI) | 80", header=FLOWS)
    assert flows(table, f"{CATALOG}  Browser: {{namespace: apps}}\n") == ["web -> browser 80/TCP"]


@each(
    ("text", "catalog", "expected"),
    [
        ("Redis (staging)", "  Redis: {namespace: staging, ports: [6379]}", ["web -> redis 6379/TCP"]),
        ("Redis (staging)", "  Redis: {ports: [6379]}\n  Kafka: {namespace: staging}", ["EG309 Redis"]),
        ("Redis (Staging)", '  Redis: {aliases: ["Redis (Staging)"]}', ["web -> redis 6379/TCP"]),
        (
            "Stores (staging)",
            "  Redis: {namespace: staging}\ngroups:\n  Stores: {members: [Redis]}",
            ["web -> redis 6379/TCP"],
        ),
        (
            "Stores (staging)",
            "  Redis: {namespace: staging}\n  Kafka: {namespace: data}\ngroups:\n  Stores: {members: [Redis, Kafka]}",
            ["EG318 staging"],
        ),
        ("Internet (staging)", "  Redis: {namespace: staging}", ["EG309 Internet"]),
        ("Stripe (staging)", "  Redis: {namespace: staging}\n  Stripe: {addresses: [192.0.2.1]}", ["EG309 Stripe"]),
    ],
)
def test_the_name_of_an_environment_may_be_a_namespace(text: str, catalog: str, expected: list[str]) -> None:
    whole = f'defaults: {{namespace: apps, selector: {{app: "{{id}}"}}}}\ndestinations:\n{catalog}\n'
    table = services(f"web | {text} | 6379", header=FLOWS)
    found = findings(table, whole)
    assert (found or flows(table, whole)) == expected


@each(
    "text",
    [
        *(
            "prod only",
            "prod-only",
            "staging",
            "dev",
            "non-prod",
            "prod",
            "in prod",
            "only in staging",
            "nur Prod",
            "EU",
        ),
        *(
            "weekdays",
            "on demand",
            "solo producci\u00f3n",
            "if enabled",
            "planned",
            "nightly",
            "temp",
            "DR",
            "in the EU",
        ),
        *("metrics, staging", "TCP, staging", "metrics in staging", "metrics/EU", "for tests"),
    ],
)
def test_a_limit_next_to_a_port_is_refused(text: str) -> None:
    row = services(f"web | Redis | 6379 ({text})", header=FLOWS)
    assert [it for it in findings(row) if not it.startswith("EG226")] == [f"EG211 ({text})"]


@each("text", ["staging", "prod only", "non-prod", "planned", "nur Prod", "weekdays"])
def test_a_limit_next_to_a_protocol_is_refused(text: str) -> None:
    row = services(f"web | Redis | TCP ({text}) | 6379", header="From | To | Protocol | Port")
    assert [it for it in findings(row) if not it.startswith("EG226")] == [f"EG213 ({text})"]


@each("text", ["staging", "prod only", "the EU", "weekdays only"])
def test_what_a_port_is_for_limits_it_too(text: str) -> None:
    assert findings(services(f"web | Redis | 6379 for {text}", header=FLOWS))[-1] == f"EG211  for {text}"


@each("text", ["6379 (metrics)", "6379 (plain)", "6379 for reports", "6379 for test orders", "6379 (internal)"])
def test_other_text_next_to_a_port_is_a_label(text: str) -> None:
    assert flows(services(f"web | Redis | {text}", header=FLOWS)) == GRANTED


@each("note", ["prod only", "nur Prod", "in staging", "Staging.", "for staging", "if enabled"])
def test_a_footnote_that_limits_its_row_is_refused(note: str) -> None:
    row = services("web | Redis [^1] | 6379", header=FLOWS)
    assert findings(f"{row}[^1]: {note}\n") == ["EG438 Redis [^1]"]


@each(
    "text",
    [
        *("feature flags", "the staging area", "test runner", "US region", "EU", "template service"),
        *(
            "read replica",
            "HTTP + gRPC",
            "Integration API",
            "Live chat",
            "load balancer",
            "test orders",
            "Production planning",
        ),
    ],
)
def test_other_text_in_parentheses_is_not(text: str) -> None:
    assert flows(services(f"web | Redis ({text}) | 6379", header=FLOWS)) == GRANTED


HEADINGS = [
    *("Anti-patterns", "Violations found", "Suspicious traffic", "Wish list", "Ideas", "Ideas for 2028", "Archive"),
    *("Staging", "Dev cluster", "Test environment", "Flows in staging", "3. Staging", "Template"),
    *("Target architecture 2028", "How to fill in this table"),
    *("Wunschliste", "Zielarchitektur 2028", "Testumgebung", "Lista de deseos", "Plantilla", "Architecture cible"),
]


@each("heading", HEADINGS)
def test_a_heading_that_limits_its_rows_is_a_warning(heading: str) -> None:
    assert findings(f"## {heading}\n\n{ROW}") == [f"EG224 {heading}"]
    assert findings(f"# {heading}\n\n## Team A\n\n{ROW}") == [f"EG224 {heading}"]
    assert findings(f"**{heading}**\n\n{ROW}") == [f"EG432 **{heading}**"]


@each("heading", ["Disaster recovery only", "Before the migration", "Staging only", "Next quarter"])
def test_a_heading_that_says_when_postpones_its_rows(heading: str) -> None:
    rows = services("web | Kafka | 9092", header=FLOWS) + f"## {heading}\n\n" + ROW
    assert findings(rows) == [f"EG259 {heading}"]
    assert flows(rows) == ["web -> kafka 9092/TCP"]


@each(
    "heading",
    [
        *("Staging area", "Archive storage", "Test runner", "Template service", "Ideas board", "Production", "Flows"),
        *("Architecture", "Network ideas of the shop", "Development tools", "How to read this table", "Legacy"),
    ],
)
def test_other_headings_limit_nothing(heading: str) -> None:
    assert findings(f"## {heading}\n\n{ROW}") == []


@each("name", ["Archive", "Staging", "Ideas"])
def test_a_heading_that_names_a_service_is_its_name(name: str) -> None:
    named = services(f"{name} | None", header="Service | Calls") + f"## {name}\n\n"
    text = named + services("Redis | 6379", header="Destination | Port")
    assert flows(text) == [f"{name.lower()} -> redis 6379/TCP"]


@each(
    "line",
    [
        *("We plan to open the following next quarter.", "This is how it used to be:", "None of these exist yet."),
        *(
            "In case of a disaster we open:",
            "Only in staging:",
            "These are for the next release.",
            "Not for production.",
        ),
        *("Wir planen diese Verbindungen.", "Im Katastrophenfall:", "En caso de desastre:", "En cas de sinistre :"),
    ],
)
def test_a_sentence_above_a_table_that_limits_it_is_a_warning(line: str) -> None:
    assert findings(f"## Flows\n\n{line}\n\n{ROW}") == [f"EG432 {line}"]


@each(
    "line",
    [
        *("In case of questions ask the platform team.", "Every service in production is listed here."),
        *("The staging area holds uploads.", "The test runner reads these.", "This is used to generate policies:"),
    ],
)
def test_another_sentence_above_a_table_is_not(line: str) -> None:
    assert findings(f"## Flows\n\n{line}\n\n{ROW}") == []


def test_notes_of_an_entry_count_too() -> None:
    entry = "services: [{service: web, dependencies: [Redis], notes: %s}]\n"
    assert findings({"a.yaml": entry % "staging"})[0] == "EG218 staging"
    assert flows({"a.yaml": entry % "staging area"}) == ["web -> redis 6379/TCP"]
