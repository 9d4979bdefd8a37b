"""Port cells: every spelling people use, and near misses that must be refused."""

from egressc.lower.ports import read_ports, read_protocols
from egressc.model.policy import Protocol
from egressc.model.ports import say_ports
from egressc.model.references import Trouble
from egressc.source import Source, Span
from support.tables import each


def code_of(found: object, text: str) -> tuple[str, str]:
    assert isinstance(found, Trouble)
    source = Source("cell", text)
    return found.build(Span(source, found.start, found.end)).code.id, text[found.start : found.end]


@each(
    ("text", "ports"),
    [
        ("6379", "6379/TCP"),
        ("6333, 6334", "6333/TCP, 6334/TCP"),
        ("6334,6333", "6333/TCP, 6334/TCP"),
        ("9093/8080", "8080/TCP, 9093/TCP"),
        ("8000-8100", "8000-8100/TCP"),
        ("8000 \u2013 8100", "8000-8100/TCP"),
        ("8000 to 8100", "8000-8100/TCP"),
        ("8080-8080", "8080/TCP"),
        ("53/UDP", "53/UDP"),
        ("53/UDP/TCP", "53/TCP, 53/UDP"),
        ("UDP/TCP 53", "53/TCP, 53/UDP"),
        ("53/udp, 53/tcp", "53/TCP, 53/UDP"),
        ("80/443/TCP", "80/TCP, 443/TCP"),
        ("TCP/5432", "5432/TCP"),
        ("HTTPS 443", "443/TCP"),
        ("443 HTTPS", "443/TCP"),
        ("443 (HTTPS)", "443/TCP"),
        ("HTTP/2 8443", "8443/TCP"),
        ("8123 (HTTP) and 9000", "8123/TCP, 9000/TCP"),
        ("port 8080", "8080/TCP"),
        ("8080\n9090", "8080/TCP, 9090/TCP"),
        ("http", "http/TCP"),
        ("http, metrics/UDP", "http/TCP, metrics/UDP"),
        ("any", "any/SCTP, any/TCP, any/UDP"),
        ("all ports", "any/SCTP, any/TCP, any/UDP"),
        ("any UDP", "any/UDP"),
        ("", ""),
        ("None", ""),
        ("\u2014", ""),
        ("N/A", ""),
        ("80, 80", "80/TCP"),
        ("65535", "65535/TCP"),
        ("1", "1/TCP"),
    ],
)
def test_ports_are_read(text: str, ports: str) -> None:
    found = read_ports(text)
    assert not isinstance(found, Trouble)
    assert say_ports(found) == ports


@each(
    ("text", "code", "part"),
    [
        ("0", "EG212", "0"),
        ("65536", "EG212", "65536"),
        ("80, 70000", "EG212", "70000"),
        ("9" * 5000, "EG212", "9" * 5000),
        ("8100-8000", "EG212", "8100-8000"),
        ("0-80", "EG212", "0-80"),
        ("080", "EG211", "080"),
        ("80 443", "EG211", "80 443"),
        ("80, HTTPS", "EG211", "HTTPS"),
        ("TCP", "EG211", "TCP"),
        ("53 UDP, TCP", "EG211", "TCP"),
        ("TCP 80/UDP 53", "EG211", "TCP 80/UDP 53"),
        ("9000 native", "EG211", "native"),
        ("any, 443", "EG211", "any, 443"),
        ("TLS 1.2 443", "EG211", "1.2"),
        ("HTTP/4 443", "EG213", "HTTP/4"),
        ("1024+", "EG211", "1024+"),
        ("1024 and above", "EG211", "1024 and above"),
        ("varies", "EG211", "varies"),
        ("ephemeral", "EG211", "ephemeral"),
        ("planned", "EG211", "planned"),
        ("53u", "EG211", "53u"),
        ("0x50", "EG211", "0x50"),
        ("1e3", "EG211", "1e3"),
        ("0777", "EG211", "0777"),
        ("9000 (or 9010 as mapped on laptops)", "EG211", "(or 9010 as mapped on laptops)"),
        ("443 (planned)", "EG211", "(planned)"),
        ("80:8080", "EG211", "80:8080"),
        ("\uff18\uff10", "EG211", "\uff18\uff10"),
        ("-80", "EG211", "-80"),
        ("8.5", "EG211", "8.5"),
        ("waytoolongforaname", "EG211", "waytoolongforaname"),
    ],
)
def test_what_is_no_port_is_refused_where_it_stands(text: str, code: str, part: str) -> None:
    assert code_of(read_ports(text), text) == (code, part)


@each(
    ("text", "beside", "ports"),
    [
        ("53", "UDP/TCP", "53/TCP, 53/UDP"),
        ("53/UDP", "UDP/TCP", "53/UDP"),
        ("HTTPS 443", "TCP", "443/TCP"),
        ("any", "any", "any/SCTP, any/TCP, any/UDP"),
        ("any", "TCP", "any/TCP"),
        ("443", "HTTPS", "443/TCP"),
        ("443", "any", "443/SCTP, 443/TCP, 443/UDP"),
        ("http", "SCTP", "http/SCTP"),
    ],
)
def test_the_protocol_beside_a_port_counts(text: str, beside: str, ports: str) -> None:
    protocols = read_protocols(beside)
    assert not isinstance(protocols, Trouble)
    found = read_ports(text, protocols)
    assert not isinstance(found, Trouble)
    assert say_ports(found) == ports


@each(("text", "beside"), [("HTTPS 443", Protocol.UDP), ("53/TCP", Protocol.UDP)])
def test_a_port_and_its_protocol_must_not_contradict(text: str, beside: Protocol) -> None:
    assert code_of(read_ports(text, (beside,)), text) == ("EG214", text)


@each("text", ["ICMP", "WebRTC", "TCP, ICMP", "6", "WSS/ WebRTC", "IPENCAP / IPIP"])
def test_other_protocols_are_refused(text: str) -> None:
    assert code_of(read_protocols(text), text)[0] == "EG213"
