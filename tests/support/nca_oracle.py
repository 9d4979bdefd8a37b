"""NCA (network-config-analyzer) asked in this process: which connections do these manifests allow?

NCA is code of another author with its own reading of NetworkPolicy. Some ten milliseconds a question, so thousands can
be asked. Its limits, and what is done about each:

- it wants policyTypes in the order Ingress, Egress, and refuses a section that they leave out (the API server ignores
  it), and takes `egress: []` without policyTypes as isolating: `tamed` writes defaults out, drops the ignored;
- a Namespace after its pods loses its labels silently: namespaces go first;
- namespaceSelector In [""] matches namespaces without the key: no test gives it such a selector;
- Exists and DoesNotExist in a podSelector see the policy's own namespace only, whatever the namespaceSelector says:
  `tamed` lists the values that the pods have;
- it takes one number for each port name of a pod, whatever the protocol: no test gives a pod a name twice;
- it adds pods of its own (kube-dns, ingress controllers): lines about pods that were not given are passed over;
- IPv6 is listed only when asked for: it is asked for.
"""

import contextlib
import io
import ipaddress
import json
import re
from pathlib import Path
from typing import Any

from nca.nca_cli import nca_main  # type: ignore[import-untyped]

from egressc.model.address_sets import AddressSet, common, holds, join_addresses, subtract
from egressc.model.intervals import from_ranges
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, NO_NAMES, NO_PORTS, PortSet, has_port, join, port_set

Answer = dict[tuple[str, str], PortSet | dict[PortSet, AddressSet]]
"""Open ports by pair of pods; "" is the outside, with the addresses by the ports that are open to them."""

_LINE = re.compile(r"(?P<source>\S+) => (?P<destination>\S+) : (?P<connections>.+)")
_GROUP = re.compile(r"\{protocols:(?P<protocols>[A-Z, ]+?)(?:,dst_ports:(?P<ports>[0-9,\- ]+))?\}")


def tamed(policy: dict[str, Any], pods: list[dict[str, Any]]) -> dict[str, Any]:
    """A policy of the same meaning, for these pods, that NCA can read."""
    spec = dict(policy["spec"])
    types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
    spec["policyTypes"] = sorted(types, reverse=True)
    for direction, key in (("Ingress", "from"), ("Egress", "to")):
        if direction not in types:
            spec.pop(direction.lower(), None)
        elif direction.lower() in spec:
            spec[direction.lower()] = [_tamed_rule(rule, key, pods) for rule in spec[direction.lower()]]
    return {**policy, "spec": spec}


def _tamed_rule(rule: dict[str, Any], key: str, pods: list[dict[str, Any]]) -> dict[str, Any]:
    if key not in rule:
        return rule
    return {**rule, key: [_tamed_peer(peer, pods) for peer in rule[key]]}


def _tamed_peer(peer: dict[str, Any], pods: list[dict[str, Any]]) -> dict[str, Any]:
    expressions = peer.get("podSelector", {}).get("matchExpressions", [])
    listed = []
    for expression in expressions:
        key, operator = expression["key"], expression["operator"]
        if operator in ("Exists", "DoesNotExist"):
            values = {labels[key] for pod in pods if key in (labels := pod["metadata"].get("labels", {}))}
            operator = "In" if operator == "Exists" else "NotIn"
            expression = {"key": key, "operator": operator, "values": sorted(values)}
        listed.append(expression)
    return {**peer, "podSelector": {**peer["podSelector"], "matchExpressions": listed}} if expressions else peer


def ask(manifests: list[dict[str, Any]], folder: Path) -> Answer:
    """The connections among the pods of the manifests, and between each and the outside."""
    pods = {f"{m['metadata']['namespace']}/{m['metadata']['name']}" for m in manifests if m["kind"] == "Pod"}
    path = folder / "manifests.yaml"
    path.write_text("".join(f"---\n{json.dumps(manifest)}\n" for manifest in manifests), encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = nca_main(["-r", str(path), "--connectivity", "-o", "txt_no_fw_rules", "--print_ipv6"])
    assert status == 0, f"nca answered {status}:\n{said.getvalue()}"
    answer: Answer = {}
    for line in said.getvalue().splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        source, destination = (re.sub(r"\[Pod\]$", "", match[end]) for end in ("source", "destination"))
        ports = _ports(match["connections"])
        if source in pods and destination in pods:
            known = answer.get((source, destination), NO_PORTS)
            assert isinstance(known, tuple), "pods have one set of ports"
            answer[source, destination] = join(known, ports)
        elif source in pods or destination in pods:
            inside, outside = (source, destination) if source in pods else (destination, source)
            if (addresses := _addresses(outside)) is not None:
                pair = (inside, "") if source in pods else ("", inside)
                _add(answer, pair, addresses, ports)
    return answer


def allows(answer: Answer, source: str, destination: str, protocol: Protocol, port: int) -> bool:
    """Whether a pod (`namespace/pod`) may connect to another one, or to an address outside."""
    if "/" in destination:
        ports = answer.get((source, destination), NO_PORTS)
        assert isinstance(ports, tuple), "pods have one set of ports"
        return has_port(ports, protocol, port, NO_NAMES)
    cells = answer.get((source, ""), {})
    assert isinstance(cells, dict), "the outside has addresses"
    return any(has_port(p, protocol, port, NO_NAMES) and holds(held, destination) for p, held in cells.items())


def _add(answer: Answer, pair: tuple[str, str], addresses: AddressSet, ports: PortSet) -> None:
    """Open more ports to some addresses: one range comes on several lines, one for each protocol."""
    cells = answer.setdefault(pair, {})
    assert isinstance(cells, dict), "the outside has addresses"
    merged: dict[PortSet, list[AddressSet]] = {}
    for known_ports, known in cells.items():
        merged.setdefault(known_ports, []).append(subtract(known, addresses))
        merged.setdefault(join(known_ports, ports), []).append(common(known, addresses))
        addresses = subtract(addresses, known)
    merged.setdefault(ports, []).append(addresses)
    answer[pair] = {p: joined for p, parts in merged.items() if (joined := join_addresses(parts))}


def _ports(text: str) -> PortSet:
    if text.strip().lower() == "all connections":
        return EVERY_PORT
    groups = list(_GROUP.finditer(text))
    assert groups, f"nca said something unknown: {text}"
    found: list[Port] = []
    for group in groups:
        for protocol in group["protocols"].split(","):
            if group["ports"] is None:
                found.append(Port(Protocol(protocol.strip()), None))
                continue
            for part in group["ports"].split(","):
                first, _, last = part.partition("-")
                found.append(Port(Protocol(protocol.strip()), int(first), int(last or first)))
    return port_set(tuple(found))


def _addresses(text: str) -> AddressSet | None:
    ranges = []
    version = 0
    for part in text.split(","):
        first, _, last = part.partition("-")
        try:
            if "/" in first:
                network = ipaddress.ip_network(first)
                low, high = network[0], network[-1]
            else:
                low, high = ipaddress.ip_address(first), ipaddress.ip_address(last or first)
        except ValueError:
            return None
        version = low.version
        ranges.append((int(low), int(high)))
    return AddressSet(from_ranges(ranges), ()) if version == 4 else AddressSet((), from_ranges(ranges))
