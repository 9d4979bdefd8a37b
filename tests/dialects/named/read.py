"""`from` and `to` are values of the label `app`, all in one namespace; every rule is TCP, and may `deny`.

A denial wins over what any policy of the kind allows.
"""

from egressc.dialects.shapes.fields import Object, Problems, item, sequence, text
from egressc.model.address_sets import NO_ADDRESSES
from egressc.model.flows import PodClass, Policy, Precedence, Rule, RuleAction
from egressc.model.label_classes import Labels, namespace, select
from egressc.model.policy import Port, Protocol, Selector
from egressc.model.port_sets import port_set
from egressc.source import Span


class _Reader:
    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        rules: list[Rule] = []
        for number, entry in enumerate(sequence(manifest, "rules", "", problems) or ()):
            rule = item(entry, f"rules[{number}]", problems)
            reached = PodClass(namespace(home), _app(text(rule, "to", "", problems)))
            ports = port_set((Port(Protocol.TCP, rule["port"]),))
            action = RuleAction(rule.get("action", "allow"))
            rules.append(Rule(number, (reached,), NO_ADDRESSES, ports, action=action, field=f"rules[{number}]"))
        subject = PodClass(namespace(home), _app(text(manifest, "from", "", problems)))
        if problems.found:
            return None
        return Policy(home, name, subject, tuple(rules), None, origin, path, Precedence())


def readers() -> dict[tuple[str, str], _Reader]:
    return {("named.example/v1", "NamedRules"): _Reader()}


def _app(name: str) -> Labels:
    return select(Selector((("app", name),)))
