"""Headers to plans: what the rows of a table are, and what is missing."""

from egressc.diagnostics.core import Report
from egressc.lower.header_words import ENGLISH_HEADERS, HeaderBook
from egressc.lower.plans import NoPlan, plan_table
from egressc.model.records import Kind, Role
from egressc.source import Source
from egressc.tables.markdown import read_markdown
from support.compiled import compile_text, flows, services
from support.tables import each


def shape(*headers: str, extra: dict[Role, tuple[str, ...]] | None = None) -> tuple[Kind | None, list[str]]:
    text = f"| {' | '.join(headers)} |\n|{'---|' * len(headers)}\n| {' | '.join('z' * len(headers))} |\n"
    report = Report()
    (table,) = read_markdown(Source("doc.md", text), report)
    found = plan_table(table, HeaderBook(extra or {}), None, report)
    return (None if isinstance(found, NoPlan) else found.kind), [it.code.id for it in report.sorted()]


@each(
    ("headers", "kind"),
    [
        (("Service", "Internal Dependencies", "External Access"), Kind.SERVICES),
        (("SERVICE", "depends on"), Kind.SERVICES),
        (("Service", "Called by"), Kind.SERVICES),
        (("Service", "Namespace", "Selector", "Listens on", "Calls", "Called by"), Kind.SERVICES),
        (("Destination", "Namespace", "Port", "Protocol", "Purpose"), Kind.DESTINATIONS),
        (("Destination", "Address", "Port"), Kind.DESTINATIONS),
        (("From", "To", "Port"), Kind.FLOWS),
        (("Source", "Destination", "Port", "Protocol"), Kind.FLOWS),
        (("Service", "Destination", "Port", "Purpose"), Kind.FLOWS),
        (("From", "To"), Kind.FLOWS),
        (("Caller", "Callee"), Kind.FLOWS),
        (("Pod", "Egress allowed"), Kind.SERVICES),
        (("Destination", "Namespace"), Kind.DESTINATIONS),
        (("Service", "Namespace"), Kind.INVENTORY),
        (("Service", "Team"), Kind.INVENTORY),
        (("Component", "Namespace", "Port", "Used for"), Kind.INVENTORY),
    ],
)
def test_telling_columns_make_the_kind(headers: tuple[str, ...], kind: Kind) -> None:
    assert shape(*headers) == (kind, [])


@each(
    ("headers", "code"),
    [
        (("Depends on", "Namespace"), "EG201"),
        (("Service", "Protocol", "Action", "Start port"), "EG201 EG223"),
        (("Service", "Protocol", "Action"), "EG201"),
        (("From", "Port"), "EG201"),
        (("Address", "Port"), "EG201"),
        (("Service", "Depends on", "Namespace", "Namespaces"), "EG204"),
    ],
)
def test_a_table_that_says_too_little_is_refused(headers: tuple[str, ...], code: str) -> None:
    assert shape(*headers) == (None, code.split())


@each("headers", [("Namespace", "DNS"), ("Source", "Meaning"), ("Port", "Protocol"), ("Port 1", "Port 2")])
def test_a_table_of_no_kind_has_no_plan(headers: tuple[str, ...]) -> None:
    assert shape(*headers) == (None, [])


def test_a_column_that_means_nothing_is_named_and_left_alone() -> None:
    assert shape("Service", "Mood", "Calls") == (Kind.SERVICES, ["EG202"])
    assert shape("Service", "Team", "Calls") == (Kind.SERVICES, [])


def test_the_project_file_can_add_words() -> None:
    assert shape("Dienst", "Ruft", extra={Role.SERVICE: ("Dienst",), Role.DEPENDENCIES: ("ruft",)}) == (
        Kind.SERVICES,
        [],
    )


def test_no_word_means_two_things() -> None:
    words = [word for listed in ENGLISH_HEADERS.values() for word in listed]
    assert len(words) == len(set(words))


@each(
    ("headers", "kind"),
    [
        (("Service", "Dependency 1", "Dependency 2"), "EG223 EG223"),
        (("Svc", "Depends On (internal)", "External deps"), "EG223 EG223"),
        (("Service (k8s)", "Depends on"), "EG223"),
        (("Service", "Dependancies"), "EG223"),
        (("Service", "Depends on", "External deps"), "EG223"),
        (("From", "To", "Port (pod)"), "EG223"),
        (("From", "To", "Port", "Allowed (Y/N)"), "EG223"),
        (("From", "To", "Start port", "End port"), "EG223 EG223"),
    ],
)
def test_a_header_that_is_almost_known_is_no_reason_to_leave_a_table_alone(headers: tuple[str, ...], kind: str) -> None:
    assert shape(*headers) == (None, kind.split())


@each(
    "headers",
    [
        ("Service", "Depends on", "Service owner"),
        ("Service", "Depends on", "Source system"),
        ("Destination", "Port", "Port speed"),
        ("Service*", "Depends on:", "Mood"),
    ],
)
def test_a_header_that_only_holds_a_known_word_means_nothing(headers: tuple[str, ...]) -> None:
    assert shape(*headers)[1] == ["EG202"]


def test_what_the_message_offers_works() -> None:
    extra = {Role.DEPENDENCIES: ("Dependency 1", "Dependency 2"), Role.SERVICE: ("Service (k8s)",)}
    assert shape("Service (k8s)", "Dependency 1", "Dependency 2", extra=extra) == (Kind.SERVICES, [])


def test_in_a_table_of_callers_alone_they_are_services_too() -> None:
    rows = ("Redis | 6379 | web, cart", "cart | 80 | web", "web | 81 | batch", "idle | 82 |")
    text = services(*rows, header="Service | Port | Called by")
    granted = ["batch -> web 81/TCP", "cart -> redis 6379/TCP", "web -> cart 80/TCP", "web -> redis 6379/TCP"]
    assert flows(text) == granted
    policies, _ = compile_text(text)
    assert policies is not None
    assert [it.id for it in policies.services] == ["batch", "cart", "redis", "web"]
