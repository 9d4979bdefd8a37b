"""Whom AuthorizationPolicies of Istio let through: at a gateway for sidecars, and at a waypoint.

Source: istio.io, "AuthorizationPolicy"; istio.io/api 1.31 security/v1.
"""

from collections.abc import Iterator
from typing import Any, Final

from egressc.dialects.istio.objects import MeshObject
from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, sequence
from egressc.dialects.shapes.hosts import spell

_RULE_FIELDS: Final = frozenset(("from", "to", "when"))
EVERYBODY: Final = None
Clients = frozenset[str] | None
"""Whom a policy lets through, as `model.clients` has them."""


def guard_of(policy: MeshObject) -> tuple[str, frozenset[str]] | None:
    """The server name that an AuthorizationPolicy denies to all but some clients; None if it does something else."""
    spec = policy.spec
    rules = spec.get("rules")
    is_for_others = policy.is_dry_run or bool(target_refs_of(policy))
    if spec.get("action") != "DENY" or is_for_others or not isinstance(rules, list) or len(rules) != 1:
        return None
    match rules[0]:
        case {
            "from": [{"source": {**source}, **from_rest}],
            "when": [{"key": "connection.sni", "values": [str(value)], **when_rest}],
            **rest,
        } if source and not (source.keys() - {"notNamespaces", "notPrincipals"} or from_rest or when_rest or rest):
            clients = _clients_of(source.get("notNamespaces"), source.get("notPrincipals"))
            # Envoy compares a server name, which it has in lower case, with this very text.
            return None if clients is None or value != spell(value) else (value, clients)
    return None


def target_refs_of(policy: MeshObject) -> list[Object]:
    """What a policy is attached to; it has no selector then."""
    held, one = policy.spec.get("targetRefs"), policy.spec.get("targetRef")
    refs = held if isinstance(held, list) and held else [one]
    return [it for it in refs if isinstance(it, dict)]


def _clients_of(namespaces: Any, principals: Any) -> frozenset[str] | None:
    """The clients that two lists of a source name, each of which can be absent; None if they are no single ones."""
    if not all(it is None or isinstance(it, list) for it in (namespaces, principals)):
        return None
    found = [*(namespaces or ()), *map(_client_of, principals or ())]
    return frozenset(found) if found and all(isinstance(it, str) and it and "*" not in it for it in found) else None


def _client_of(principal: Any) -> str:
    """The client that a principal is, in any trust domain; empty if it is no single one."""
    match str(principal).split("/"):
        case [_, "ns", namespace, "sa", account] if namespace and account and "*" not in namespace + account:
            return f"{namespace}/{account}"
    return ""


def read_clients(policy: MeshObject, hosts: frozenset[str], problems: Problems, *, is_http: bool) -> Iterator[Clients]:
    """Whom each rule of a policy that allows lets through to the hosts of a ServiceEntry; everybody after a problem.

    The waypoint goes by the address that it has for a host, and connects there under any name that a rule leaves. So a
    rule must leave the names of these hosts, and no others.
    """
    for i, value in enumerate(sequence(policy.spec, "rules", "spec", problems) or ()):
        at = f"spec.rules[{i}]"
        rule = item(value, at, problems)
        only(rule, _RULE_FIELDS, at, problems)
        if _names_of(rule.get("to"), rule.get("when"), is_http=is_http) != hosts:
            key = "to, with `operation.hosts`" if is_http else "when, with `connection.sni`"
            names = ", ".join(sorted(hosts))
            problems.add(at, f"must have {key} {names} and nothing else: under other names more than this is open")
            yield EVERYBODY
            continue
        sources = sequence(rule, "from", at, problems)
        for j, entry in enumerate(sources or ()):
            where = f"{at}.from[{j}]"
            source = mapping(item(entry, where, problems), "source", where, problems) or {}
            clients = _clients_at(source, policy.namespace)
            if clients is None:
                problems.add(f"{where}.source", "must have namespaces, principals or serviceAccounts, each in full")
            yield clients
        if not sources:
            yield EVERYBODY


def _names_of(to: Any, when: Any, *, is_http: bool) -> frozenset[str]:
    """The names that a rule is for: the server name of TLS or the Host of requests, on any port."""
    match to, when:
        case None, [{"key": "connection.sni", "values": [*values], **rest}] if not (is_http or rest):
            return frozenset(map(spell, map(str, values)))
        case [{"operation": {"hosts": [*values], **others}, **rest}], None if is_http and not (rest or others):
            return frozenset(spell(str(it).removesuffix(":*")) for it in values)
    return frozenset()


def _clients_at(source: Object, home: str) -> frozenset[str] | None:
    match source:
        case {"namespaces": names, **rest} if not rest:
            return _clients_of(names, None)
        case {"principals": principals, **rest} if not rest:
            return _clients_of(None, principals)
        case {"serviceAccounts": [*accounts], **rest} if not rest:
            return frozenset(it if "/" in it else f"{home}/{it}" for it in map(str, accounts))
    return None
