"""Help that helps: for inputs that newcomers met, the help names a repair, and the repair leads to the right policies.

A repair is what the help says: a text to write in place of another, or keys to paste into the catalog or the project
file, in which only the marks "…" and "<…>" are filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from support.compiled import compile_text, flows, services
from support.tables import each

BASE = """
defaults: {namespace: apps, selector: {app: "{id}"}}
destinations:
  Redis: {ports: [6379]}
  Kafka: {ports: [9092]}
  PostgreSQL: {ports: [5432]}
"""
FLOWS = "From | To | Port"
SHEET = f"{FLOWS} | Before | After"
STRIPE = "Stripe (api.stripe.com, 443)"
ON_PREMISE = "X (on-prem, 10.120.4.0/22, 8443)"


@dataclass(frozen=True)
class Paste:
    """Keys as the help prints them; `filled` are the texts in place of the marks, by the mark and what is around it."""

    file: str
    snippet: str
    filled: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, Any]:
        text = self.snippet
        for mark, value in self.filled.items():
            assert mark in text
            text = text.replace(mark, value, 1)
        assert "…" not in text
        read = yaml.safe_load(text)
        assert isinstance(read, dict)
        return read


@dataclass(frozen=True)
class Write:
    """A text of a source and the one that the help says to write."""

    old: str
    new: str
    says: str


@dataclass(frozen=True)
class Case:
    document: str
    repair: Paste | Write
    flows: list[str]
    code: str
    catalog: str = BASE
    name: str = "services.md"


def read_as(text: str, meaning: str) -> Paste:
    return Paste("project", f'tables: {{readAs: {{"{text}": "{meaning}"}}}}')


CASES = {
    **{
        f"the placeholder {it} in a list": Case(
            services(f"web | Redis, {it} | None"), read_as(it, "ignore"), ["web -> redis 6379/TCP"], "EG210"
        )
        for it in ("N.A.", "?", "TBD", "n/a (yet)", "not applicable")
    },
    "a placeholder alone": Case(services("web | N.A. | None"), read_as("N.A.", "ignore"), [], "EG210"),
    "name for service in YAML": Case(
        "services:\n  - name: web-portal\n    dependencies: [Redis]\n",
        Write("name:", "service:", 'write "service"'),
        ["web-portal -> redis 6379/TCP"],
        "EG230",
        name="services.yaml",
    ),
    "a service with a remark, and the same without": Case(
        services("nightly | Redis | None", "nightly (CronJob) | Kafka | None"),
        Paste("catalog", 'destinations: {"nightly": {aliases: ["nightly (CronJob)"]}}'),
        ["nightly -> kafka 9092/TCP", "nightly -> redis 6379/TCP"],
        "EG307",
    ),
    "another name of a known destination": Case(
        services("web | PostgreSQL (Postgres) | None", "shop | Postgres | None"),
        Paste("catalog entry", 'PostgreSQL: {aliases: ["Postgres"]}'),
        ["shop -> postgresql 5432/TCP", "web -> postgresql 5432/TCP"],
        "EG301",
    ),
    "a list of short names": Case(
        services("web | PG + RMQ | None"),
        Paste("project", 'tables: {readAs: {"PG + RMQ": "PG, RMQ"}}', {"PG, RMQ": "PostgreSQL, Kafka"}),
        ["web -> kafka 9092/TCP", "web -> postgresql 5432/TCP"],
        "EG301",
    ),
    "two names of one thing": Case(
        services("web | PG / PostgreSQL | None"),
        Paste("catalog entry", 'PostgreSQL: {aliases: ["PG / PostgreSQL"]}'),
        ["web -> postgresql 5432/TCP"],
        "EG301",
    ),
    "a known name in a longer one": Case(
        services("web | PostgreSQL database | None"),
        Paste("catalog entry", 'PostgreSQL: {aliases: ["PostgreSQL database"]}'),
        ["web -> postgresql 5432/TCP"],
        "EG301",
    ),
    "a URL": Case(
        services("web | None | https://api.stripe.com/v1"),
        Paste(
            "catalog",
            'destinations: {"api.stripe.com": {hosts: ["api.stripe.com"], addresses: […], ports: […]}}',
            {"addresses: […]": "addresses: [203.0.113.0/24]", "ports: […]": "ports: [443]"},
        ),
        ["web -> api-stripe-com 443/TCP"],
        "EG301",
    ),
    "a host in parentheses": Case(
        services(f"web | None | {STRIPE}"),
        Paste(
            "catalog",
            f'destinations: {{"Stripe": {{aliases: ["{STRIPE}"], hosts: ["api.stripe.com"], addresses: ["…"], '
            "ports: […]}}",
            {'["…"]': "[203.0.113.0/24]", "[…]": "[443]"},
        ),
        ["web -> stripe 443/TCP"],
        "EG210",
    ),
    "a network in parentheses": Case(
        services(f"web | None | {ON_PREMISE}"),
        Paste(
            "catalog",
            f'destinations: {{"X": {{aliases: ["{ON_PREMISE}"], addresses: ["10.120.4.0/22"], ports: […]}}}}',
            {"[…]": "[8443]"},
        ),
        ["web -> x 8443/TCP"],
        "EG210",
    ),
    "a port that nothing says, in YAML": Case(
        "services:\n- service: web\n  dependencies: [shop]\n- service: shop\n  dependencies: [None]\n",
        Write("service: shop", "service: shop\n  listensOn: 8080", "listensOn"),
        ["web -> shop 8080/TCP"],
        "EG401",
        name="services.yaml",
    ),
    "an unknown destination": Case(
        services("web | Search | None", "shop | Search | None"),
        Paste(
            "catalog",
            'destinations: {"Search": {namespace: "…", ports: […]}}',
            {'"…"': "apps", "[…]": "[9200]"},
        ),
        ["shop -> search 9200/TCP", "web -> search 9200/TCP"],
        "EG301",
    ),
    "a header that nothing knows": Case(
        services("web | Redis", header="Microservice | Speaks with"),
        Paste(
            "project",
            'tables: {headers: {service: ["<header>"], dependencies: ["<header>"]}}',
            {'service: ["<header>"]': "service: [Microservice]", '["<header>"]': "[Speaks with]"},
        ),
        ["web -> redis 6379/TCP"],
        "EG418",
    ),
    "an ingress controller as a caller": Case(
        services("web | 8080 | ingress-nginx | None", header="Service | Listens on | Called by | Dependencies"),
        Paste(
            "catalog",
            'destinations: {"ingress-nginx": {namespace: "…", selector: {app: "…"}}}',
            {'namespace: "…"': "policy: none, namespace: ingress-nginx", '"…"': "nginx"},
        ),
        [],
        "EG303",
    ),
    "what is planned": Case(
        services("web | Redis, Kafka (planned) | None"),
        read_as("Kafka (planned)", "ignore"),
        ["web -> redis 6379/TCP"],
        "EG318",
    ),
    "several services in a cell": Case(
        services("web<br>shop | Redis | None"),
        read_as("web shop", "web, shop"),
        ["shop -> redis 6379/TCP", "web -> redis 6379/TCP"],
        "EG221",
    ),
    "several destinations in a cell": Case(
        services("web | None | None")
        + "\n## Egress rules of web\n\n"
        + services("Redis, Kafka | Sessions", header="Destination | Purpose"),
        Paste("catalog", 'groups: {"Redis, Kafka": {members: [Redis, Kafka]}}'),
        ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"],
        "EG306",
    ),
    "a row in another namespace": Case(
        services("web | Redis | data | 6379", header="From | To | Namespace | Port"),
        read_as("data", "apps"),
        ["web -> redis 6379/TCP"],
        "EG309",
    ),
    "a port of a Service and one of a pod": Case(
        services("web | Redis | 80 -> 6379", header=FLOWS),
        read_as("80 -> 6379", "6379"),
        ["web -> redis 6379/TCP"],
        "EG211",
    ),
    "a footnote that changes nothing": Case(
        services("web | Redis | 6379\u00b9", header=FLOWS) + "\n\u00b9 Only for sessions.\n",
        read_as("\u00b9 Only for sessions.", "leave out"),
        ["web -> redis 6379/TCP"],
        "EG438",
    ),
    "a footnote that changes a port": Case(
        services("web | Redis | 6379\u00b9", header=FLOWS) + "\n\u00b9 Only 6380 from May.\n",
        Paste(
            "project",
            'tables: {readAs: {"web | Redis | 6379\u00b9": "leave out"}}',
            {"leave out": "web | Redis | 6380"},
        ),
        ["web -> redis 6380/TCP"],
        "EG438",
    ),
    "verdicts that disagree": Case(
        services("web | Redis | 6379 | BLOCKED | ALLOWED", "web | Kafka | 9092 | ALLOWED | ALLOWED", header=SHEET),
        Paste(
            "project",
            'tables: {ignoreColumns: [{column: "Before", reason: "\u2026"}]}',
            {"\u2026": "it is over"},
        ),
        ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"],
        "EG255",
    ),
    "verdicts that disagree, in one row": Case(
        services("web | Redis | 6379 | BLOCKED | ALLOWED", "web | Kafka | 9092 | ALLOWED | ALLOWED", header=SHEET),
        read_as("web | Redis | 6379 | BLOCKED | ALLOWED", "allow"),
        ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"],
        "EG255",
    ),
    "ports that only URLs say": Case(
        services("web | Redis | redis://redis.apps.svc:6380/0", header="Service | Talks to | Endpoint"),
        Paste(
            "project",
            'tables: {at: {"services.md": {kind: flows, columns: {"Talks to": destination, "Endpoint": address}}}}',
        ),
        ["web -> redis 6380/TCP"],
        "EG256",
    ),
    "a grid of answers": Case(
        services("web | Front | yes | no", header="Service | Squad | Redis | Internet"),
        Paste(
            "project",
            'tables: {at: {"services.md": {grid: {rows: source}, columns: {"<header that is none>": ignore}}}}',
            {"<header that is none>": "Squad"},
        ),
        ["web -> redis 6379/TCP"],
        "EG253",
    ),
    "a planned service": Case(
        services("web | Redis | None", "shop (planned) | Kafka | None"),
        read_as("shop (planned)", "leave out"),
        ["web -> redis 6379/TCP"],
        "EG318",
    ),
    "a row denied and granted": Case(
        services("web | Redis | 6379 | no", "web | Redis | 6379 | yes", header=f"{FLOWS} | Allowed"),
        read_as("web | Redis | 6379 | no", "leave out"),
        ["web -> redis 6379/TCP"],
        "EG428",
    ),
    "a name of several destinations": Case(
        services("web | Cache | None")
        + services("Cache | a | 6379", "Cache | b | 6380", header="Destination | Namespace | Port"),
        read_as("Cache", "Cache (a)"),
        ["web -> cache-a 6379/TCP"],
        "EG302",
    ),
    "everything as a source": Case(
        services("* | Redis | 6379", "web | Kafka | 9092", header=FLOWS),
        Paste("catalog", 'groups: {"*": {allServices: true}}'),
        ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"],
        "EG317",
    ),
}
# What needs no repair any more.
PLAIN = {
    "a list with and": (
        services("web | PostgreSQL and Redis | None"),
        ["web -> postgresql 5432/TCP", "web -> redis 6379/TCP"],
    ),
    "a known word for dependencies": (
        services("web | Redis", header="Microservice | Connects with"),
        ["web -> redis 6379/TCP"],
    ),
    "ports with labels": (
        services(
            "broker | 9092 (plain), 9093 (TLS) | None", "web | | broker", header="Service | Listens on | Dependencies"
        ),
        ["web -> broker 9092/TCP, 9093/TCP"],
    ),
    "destinations by Component, Namespace, Port and Used for": (
        services("db | data | 5432 | storage", header="Component | Namespace | Port | Used for")
        + services("web | db", header="Service | Dependencies"),
        ["web -> db 5432/TCP"],
    ),
    "an inventory of services": (
        services("apps | web | 8080", header="Namespace | Service | Listens on")
        + services("shop | web", header="Service | Dependencies"),
        ["shop -> web 8080/TCP"],
    ),
    "a host inside the cluster": (
        services("cache | cache.data.svc | data | 6379", header="Destination | Host | Namespace | Port")
        + services("web | cache", header="Service | Dependencies"),
        ["web -> cache 6379/TCP"],
    ),
    "a row that says no": (
        services("web | Redis | 6379 | no", "web | Kafka | 9092 | yes", header=f"{FLOWS} | Allowed"),
        ["web -> kafka 9092/TCP"],
    ),
}


def merged(text: str, keys: Mapping[str, Any]) -> str:
    """A YAML text with keys beside those that it has."""
    held = yaml.safe_load(text) or {}

    def add(into: dict[str, Any], more: Mapping[str, Any]) -> None:
        for key, value in more.items():
            if isinstance(value, dict) and isinstance(into.get(key), dict):
                add(into[key], value)
            else:
                assert key not in into
                into[key] = value

    add(held, keys)
    return yaml.safe_dump(held)


@each("title", PLAIN)
def test_what_needed_help_is_read(title: str) -> None:
    document, expected = PLAIN[title]
    assert flows(document, BASE) == expected


@each("title", CASES)
def test_the_help_names_a_repair_and_it_leads_to_the_right_policies(title: str) -> None:
    case = CASES[title]
    catalog = case.catalog
    policies, report = compile_text({case.name: case.document}, catalog)
    assert policies is None
    helps = [found.help for found in report.diagnostics if found.code.id == case.code]
    assert helps
    documents, project = {case.name: case.document}, ""
    match case.repair:
        case Write(old, new, says):
            assert says in helps[0]
            documents = {case.name: case.document.replace(old, new)}
        case Paste(file, snippet):
            assert snippet in helps[0]
            keys = case.repair.keys
            if file == "project":
                project = merged("", keys)
            else:
                catalog = merged(catalog, keys if file == "catalog" else {"destinations": keys})
    assert flows(documents, catalog, project) == case.flows


def test_text_that_yaml_reads_as_true_is_to_be_quoted() -> None:
    selector = "{matchExpressions: [{key: tier, operator: In, values: [x, %s]}]}"
    entry = f"{BASE}  Search: {{ports: [9200], namespace: data, selector: {selector}}}\n"
    document = services("web | Search | None")
    policies, report = compile_text(document, entry % "y")
    assert policies is None
    assert [found.help for found in report.diagnostics] == ['YAML reads y as true: write "y" in quotes']
    assert flows(document, entry % '"y"') == ["web -> search 9200/TCP"]


def test_an_alias_of_a_preset_is_read() -> None:
    aliases = "  kube-dns: {aliases: [Name Service]}\n"
    assert flows(services("web | Name Service, Redis | None"), BASE + aliases) == ["web -> redis 6379/TCP"]
