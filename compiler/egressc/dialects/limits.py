"""What a dialect can express, for the checks: the function `limits` of its module `limits`."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from importlib import import_module
from typing import Final, NamedTuple, cast

from egressc.model.cluster import Cluster
from egressc.model.dialects import DIALECTS
from egressc.model.policy import Peer, Port


class Support(Enum):
    EXACT = auto()
    APPROXIMATE = auto()
    UNSUPPORTED = auto()


class Ability(NamedTuple):
    """How far a dialect expresses one feature. `reason`, a clause, is empty where it is exact."""

    support: Support
    reason: str = ""


EXACT: Final = Ability(Support.EXACT)


def approximate(reason: str) -> Ability:
    return Ability(Support.APPROXIMATE, reason)


def unsupported(reason: str) -> Ability:
    return Ability(Support.UNSUPPORTED, reason)


class Limits(NamedTuple):
    """What a dialect can express, and whether the charts of this compiler render it.

    Attributes:
        host_names: rules name hosts, or addresses stand in for the names (EG414; see `model.dialects`).
        one_label_names: hosts exactly one label below a name, as `*.example.com`.
        deep_names: hosts any number of labels below a name, as `**.example.com`.
        host_named_ports: hosts on ports by a name, which is one of pods.
        host_port_ranges: hosts on ports from one number to another.
        host_sctp: hosts over SCTP.
        host_udp: hosts over UDP.
        host_every_port: hosts on every port of a protocol.
        ingress: rules for who may reach a pod.
        named_ports: ports by the name that the destination pod gives them.
        port_ranges: ports from one number to another.
        all_protocols: every port of a protocol.
        except_blocks: addresses without a part of them.
    """

    is_rendered: bool
    host_names: Ability = EXACT
    one_label_names: Ability = EXACT
    deep_names: Ability = EXACT
    host_named_ports: Ability = EXACT
    host_port_ranges: Ability = EXACT
    host_sctp: Ability = EXACT
    host_udp: Ability = EXACT
    host_every_port: Ability = EXACT
    ingress: Ability = EXACT
    named_ports: Ability = EXACT
    port_ranges: Ability = EXACT
    all_protocols: Ability = EXACT
    except_blocks: Ability = EXACT


CountRules = Callable[[Sequence[Peer], Sequence[Port]], int]
"""How many rules of a policy the charts write for one rule of the values, with these peers and ports."""


class RuleLimit(NamedTuple):
    """The most rules that a policy of a dialect can have in one direction, and how they are counted."""

    most: int
    rules_for: CountRules


LabelProblem = Callable[..., str | None]
"""Why a dialect cannot select by a label, as a predicate; `of_namespace`: it is a label of namespaces."""


def label_problems_of(name: str) -> LabelProblem | None:
    """What a dialect cannot select by: the function `label_problem` of its module `labels`; None where it has none."""
    if not DIALECTS[name].has_own_labels:
        return None
    return cast("LabelProblem", import_module(f"{DIALECTS[name].package}.labels").label_problem)


def rule_limit_of(name: str) -> RuleLimit | None:
    """The most rules of a policy: the constant `RULE_LIMIT` of its module `limits`; None where it has none."""
    limits = import_module(f"{DIALECTS[name].package}.limits")
    return cast("RuleLimit | None", getattr(limits, "RULE_LIMIT", None))


def limits_of(name: str, cluster: Cluster) -> Limits:
    """What a dialect can express in a cluster."""
    return cast("Limits", import_module(f"{DIALECTS[name].package}.limits").limits(cluster))
