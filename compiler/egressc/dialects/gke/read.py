"""FQDNNetworkPolicies of GKE into policies of flows: what pods may reach by name, in addition to NetworkPolicies.

Source: gke-networking-api 0.2.11 apis/fqdnnetworkpolicy/v1alpha1 and its custom resource definition. Such a policy
isolates the egress of its pods, and leaves their ingress alone. A wildcard stands for characters of one label, and
alone for every name; no port is every port, and no protocol all of them.
"""

import re
from collections.abc import Mapping
from typing import Final

from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, settle, shown
from egressc.dialects.shapes.hosts import is_name, spell, without_labels
from egressc.dialects.shapes.limited import choice, entries, number, one_of
from egressc.dialects.shapes.metadata import check_metadata
from egressc.dialects.shapes.selectors import read_pod_selector
from egressc.model.address_sets import named
from egressc.model.flows import PodClass, Policy, Rule
from egressc.model.host_sets import join_hosts
from egressc.model.label_classes import namespace
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, PortSet, port_set
from egressc.model.scalars import PORT_MAX
from egressc.source import Span

KIND: Final = ("networking.gke.io/v1alpha1", "FQDNNetworkPolicy")
_FIELDS: Final = frozenset(("apiVersion", "kind", "metadata", "spec", "status"))
_PROTOCOLS: Final = {"TCP": (Protocol.TCP,), "UDP": (Protocol.UDP,), "ALL": tuple(Protocol)}
_EVERY_NAME: Final = "*"
_LABEL: Final = r"[{0}][-_{0}]*+(?<![-_])"
# Each is matched from the first character on: a search would start anew at every character of a long name.
_is_dns_name, _is_pattern = (
    re.compile(rf"(?:{label}(?:\.{label})*\.?)?\Z").match
    for label in (_LABEL.format("a-zA-Z0-9"), _LABEL.format("a-zA-Z0-9*"))
)


class FqdnPolicyReader:
    """Reads FQDNNetworkPolicies (see `reading.DialectReader`)."""

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest in the namespace `home`; None after a problem."""
        only(manifest, _FIELDS, "", problems)
        check_metadata(mapping(manifest, "metadata", "", problems) or {}, problems)
        spec = settle(mapping(manifest, "spec", "", problems), "spec", problems)
        if spec is None:
            problems.add("spec", "is missing")
            return None
        only(spec, frozenset(("podSelector", "egress")), "spec", problems)
        _require(spec, ("podSelector", "egress"), "spec", problems)
        selected = mapping(spec, "podSelector", "spec", problems) or {}
        subject = PodClass(namespace(home), read_pod_selector(selected, "spec.podSelector", problems))
        rules = tuple(
            _read_rule(item(rule, at := f"spec.egress[{i}]", problems), i, at, problems)
            for i, rule in enumerate(entries(spec, "egress", None, "spec", problems))
        )
        if problems.found:
            return None
        # Any DNS answer to the pods shows where a name leads.
        names = join_hosts(rule.addresses.names for rule in rules)
        return Policy(home, name, subject, rules, None, origin, path, resolves=names)


def readers() -> Mapping[tuple[str, str], FqdnPolicyReader]:
    return {KIND: FqdnPolicyReader()}


def _require(parent: Object, keys: tuple[str, ...], path: str, problems: Problems) -> None:
    for key in keys:
        if key not in parent:
            problems.add(f"{path}.{key}", "is missing")


def _read_rule(rule: Object, index: int, path: str, problems: Problems) -> Rule:
    only(rule, frozenset(("matches", "ports")), path, problems)
    _require(rule, ("matches",), path, problems)
    read = [
        _read_match(item(match, at := f"{path}.matches[{i}]", problems), at, problems)
        for i, match in enumerate(entries(rule, "matches", None, path, problems))
    ]
    return Rule(index, (), named(*filter(None, read)), _read_ports(rule, path, problems))


def _read_match(match: Object, path: str, problems: Problems) -> str:
    """The host or hosts in our own spelling; empty after a problem."""
    key = one_of(match, ("name", "pattern"), path, problems)
    if not key:
        return ""
    written, at = match[key], f"{path}.{key}"
    if not isinstance(written, str):
        problems.add(at, f"must be a string, not {shown(written)}")
    elif not written or not (_is_dns_name if key == "name" else _is_pattern)(written):
        problems.add(at, f"{shown(written)} is not a DNS name{' or a pattern of names' if key == 'pattern' else ''}")
    elif written == _EVERY_NAME or is_name(without_labels(spell(written))):
        return spell(written)
    else:
        problems.add(at, f"{shown(written)} has a wildcard that is no whole label before a name, which is not read")
    return ""


def _read_ports(rule: Object, path: str, problems: Problems) -> PortSet:
    ports: list[Port] = []
    listed = entries(rule, "ports", None, path, problems, least=0)
    for i, value in enumerate(listed):
        at = f"{path}.ports[{i}]"
        entry = item(value, at, problems)
        only(entry, frozenset(("port", "protocol")), at, problems)
        protocol = choice(entry, "protocol", [*_PROTOCOLS], at, problems) if "protocol" in entry else "ALL"
        port = number(entry, "port", 1, PORT_MAX, at, problems) if "port" in entry else None
        ports += (Port(it, port) for it in _PROTOCOLS.get(protocol, ()))
    return port_set(tuple(ports)) if listed else EVERY_PORT
