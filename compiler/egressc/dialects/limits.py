"""What a dialect can express, for the checks: the function `limits` of its module `limits`."""

from enum import Enum, auto
from importlib import import_module
from typing import Final, NamedTuple, cast

from egressc.model.cluster import Cluster
from egressc.model.dialects import DIALECTS


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
        deep_names: hosts any number of labels below a name, as `**.example.com`.
        ingress: rules for who may reach a pod.
        named_ports: ports by the name that the destination pod gives them.
        port_ranges: ports from one number to another.
        all_protocols: every port of a protocol.
        except_blocks: addresses without a part of them.
    """

    is_rendered: bool
    host_names: Ability = EXACT
    deep_names: Ability = EXACT
    ingress: Ability = EXACT
    named_ports: Ability = EXACT
    port_ranges: Ability = EXACT
    all_protocols: Ability = EXACT
    except_blocks: Ability = EXACT


def limits_of(name: str, cluster: Cluster) -> Limits:
    """What a dialect can express in a cluster."""
    return cast("Limits", import_module(f"{DIALECTS[name].package}.limits").limits(cluster))
