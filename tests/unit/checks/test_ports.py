"""Ports of Services and of pods, and ports that nobody lists."""

from support.compiled import CATALOG, compile_text, findings, flows, services
from support.tables import each

SERVICE_PORT = CATALOG + "  Web: {ports: [{port: 8080, servicePort: 80}]}\n"


def test_the_port_of_a_service_is_not_that_of_its_pods() -> None:
    assert findings(services("a | Web:80 | None"), SERVICE_PORT) == ["EG406 Web:80"]
    assert flows(services("a | Web | None"), SERVICE_PORT) == ["a -> web 8080/TCP"]


def test_before_translation_rules_name_the_port_of_the_service() -> None:
    project = "cluster: {serviceTranslation: before}"
    assert flows(services("a | Web | None", "b | Web:80 | None"), SERVICE_PORT, project) == [
        "a -> web 80/TCP",
        "b -> web 80/TCP",
    ]
    assert findings(services("b | Web:80 | None"), SERVICE_PORT, project) == []


@each(
    ("ports", "asked", "found"),
    [
        ("[6379]", "6379", []),
        ("[6379]", "6380", ["EG407 X:6380"]),
        ("[6379]", "6379/UDP", ["EG407 X:6379/UDP"]),
        ('["6000-7000"]', "6379", []),
        ('["6000-7000"]', "6500-7500", ["EG407 X:6500-7500"]),
        ("any", "1", []),
        ("[http]", "8080", []),
        ("[http]", "http", []),
        ("[http]", "htpp", ["EG436 X:htpp"]),
        ("[6379]", "redis", ["EG436 X:redis"]),
        ("[{port: 6379, name: redis}]", "redis", []),
        ("[{port: 6379, name: redis}]", "rediss-tls", ["EG436 X:rediss-tls"]),
        ("any", "redis", []),
    ],
)
def test_ports_that_a_destination_does_not_list(ports: str, asked: str, found: list[str]) -> None:
    assert findings(services(f"a | X:{asked} | None"), CATALOG + f"  X: {{ports: {ports}}}\n") == found


@each(
    ("asked", "help"),
    [
        (
            "6380",
            "write one of its ports, or add 6380/TCP to them, which opens it for every row that names it without ports",
        ),
    ],
)
def test_a_port_that_is_not_listed_is_offered_the_listed_ones(asked: str, help: str) -> None:
    _, report = compile_text(services(f"a | X:{asked} | None"), CATALOG + "  X: {ports: [6379]}\n")
    (found,) = (it for it in report.diagnostics if it.code.id == "EG407")
    assert found.help.split("\n")[0] == help
    notes = services("a | X:6380 | allow EG407: a debug port", header="Service | Depends on | Notes")
    assert "EG407" not in [it.code.id for it in compile_text(notes, CATALOG + "  X: {ports: [6379]}\n")[1].diagnostics]


GROUP = (
    CATALOG
    + """  A: {ports: [1]}
  B: {ports: [2]}
  C: {ports: [3]}
  D: {ports: [9]}
  E: {ports: [5]}
groups:
  Stores: {members: [A, B, C, D, E]}
"""
)


def test_a_row_that_names_a_group_has_one_finding() -> None:
    _, report = compile_text(services("a | Stores:9, Redis:9 | None", "b | Stores:9 | None"), GROUP)
    messages = [it.message for it in report.sorted() if it.code.id == "EG407"]
    group = '"A", "B", "C" and 1 more do not list 9/TCP among their ports'
    assert messages == [group, '"Redis" does not list 9/TCP among its ports (6379/TCP)', group]


def test_service_ports_of_a_group_share_a_finding_too() -> None:
    """What each one's pods listen on stands at its own ports, where they differ."""
    catalog = CATALOG + (
        "  A: {ports: [{port: 8080, servicePort: 80}]}\n  B: {ports: [{port: 9200, servicePort: 80}]}\n"
        "  C: {ports: [{port: 80}]}\ngroups:\n  Stores: {members: [A, B, C]}\n"
    )
    _, report = compile_text(services("a | Stores:80 | None", "b | A:80 | None"), catalog)
    group, single = (it for it in report.sorted() if it.code.id == "EG406")
    assert group.message == '"A" and "B" have port 80 on their Services, but their pods listen on other ports'
    assert [it.text for it in group.related] == ["its pods listen on 8080/TCP", "its pods listen on 9200/TCP"]
    assert group.help.startswith("remove 80 to use the ports of each (add to the project file: ")
    assert single.message == '"A" has port 80 on its Service, but its pods listen on 8080/TCP'


def test_service_ports_of_a_group_whose_pods_agree() -> None:
    each = "{ports: [{port: 8080, servicePort: 80}, {port: 8443, servicePort: 443}]}"
    members = "".join(f"  {name}: {each}\n" for name in "ABCDE")
    _, report = compile_text(
        services("a | Stores:80/443 | None"), CATALOG + members + "groups:\n  Stores: {members: [A, B, C, D, E]}\n"
    )
    (found,) = (it for it in report.sorted() if it.code.id == "EG406")
    assert found.message == (
        '"A", "B", "C" and 2 more have ports 80, 443 on their Services, but their pods listen on 8080/TCP, 8443/TCP'
    )
    assert found.help.startswith("write 8080/TCP, 8443/TCP in place of 80, 443 (add to the project file: ")
    assert [it.text for it in found.related] == ["its ports"] * 3


def test_the_protocols_of_a_port_share_a_finding() -> None:
    _, report = compile_text(services("a | X:9/TCP/UDP | None"), CATALOG + "  X: {ports: [6379]}\n")
    assert [it.message for it in report.diagnostics if it.code.id == "EG407"] == [
        '"X" does not list 9/TCP, 9/UDP among its ports (6379/TCP)'
    ]


def test_what_the_project_file_singles_out_has_a_finding_of_its_own() -> None:
    allow = "allow: [{code: EG407, reason: r, destination: B}]"
    _, report = compile_text(services("a | Stores:9 | None"), GROUP, allow)
    assert [it.message for it in report.diagnostics if it.code.id.startswith("EG4")] == [
        '"A", "C" and "E" do not list 9/TCP among their ports'
    ]


@each(
    ("text", "meaning"),
    [
        (services("web | API server | 443", header="From | To | Port"), '{"443": "6443/TCP"}'),
        (
            services("web | API server | 443, 444", header="From | To | Port"),
            '{"443, 444": "444/TCP, 6443/TCP"}',
        ),
        (services("web | API server:443 | None"), '{"API server:443": "Kubernetes API server (6443)"}'),
    ],
)
def test_what_is_offered_for_the_port_of_a_service_can_be_read(text: str, meaning: str) -> None:
    project = "cluster: {apiServer: {addresses: [192.0.2.1]}}"
    _, report = compile_text(text, CATALOG, project)
    (found,) = (it for it in report.sorted() if it.code.id == "EG406")
    assert f"tables: {{readAs: {meaning}}}" in found.help
    assert findings(text, CATALOG, f"{project}\ntables: {{readAs: {meaning}}}") in ([], ["EG430 web"])


def test_one_destination_on_two_ports_is_not_listed_twice() -> None:
    assert findings(services("web | Redis:6379, Redis:6380 | None")) == ["EG407 Redis:6380"]
    assert findings(services("web | Redis:6379, Redis:6379 | None")) == ["EG411 Redis:6379"]
