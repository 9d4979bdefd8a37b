"""The destinations outside the cluster, with what they state for audits."""

from collections.abc import Iterable, Iterator
from typing import Final

from egressc.model.address_sets import block, join_addresses
from egressc.model.audit import AUDIT_KEYS, Outside
from egressc.model.entities import Entity
from egressc.model.policy import AddressPeer

# Of the presets with addresses, those that are no part of the cluster or of its nodes.
_PRESETS: Final = frozenset({"internet", "anywhere", "vpc-lattice"})
# Nobody writes most of all addresses as networks that are all smaller.
_SHORT_PREFIX: Final = 8


def find_outside(entities: Iterable[Entity]) -> tuple[Outside, ...]:
    """All of them, asked for or not."""
    return tuple(_outside(it) for it in entities if is_outside(it))


def is_outside(entity: Entity) -> bool:
    """Whether connections to it leave the cluster, as far as its addresses and names tell."""
    facts = entity.facts
    if entity.is_preset:
        return entity.key in _PRESETS
    return bool(facts.hosts or facts.internet or any(_addresses(entity)))


def is_anywhere(entity: Entity) -> bool:
    """Whether it is most of all addresses, and no name says which of them."""
    if entity.facts.hosts:
        return False
    addresses = [*_addresses(entity)]
    if not any(int(it.cidr.rpartition("/")[2]) <= _SHORT_PREFIX for it in addresses):
        return entity.facts.internet  # and no long list is read
    return entity.facts.internet or join_addresses(block(it.cidr, it.excepts) for it in addresses).is_most_addresses


def _outside(entity: Entity) -> Outside:
    peers = tuple((it.cidr, it.excepts) for it in _addresses(entity))
    found = Outside(entity.key, entity.name, entity.facts.audit, peers, (), is_anywhere(entity))
    entry = next((it.entry for it in entity.statements if it.entry is not None), None)
    if entry is None:
        return found
    places = ((key, span) for key, span in entry.spans.items() if key in AUDIT_KEYS)
    return found._replace(places=(("name", entry.name.span), *places))


def _addresses(entity: Entity) -> Iterator[AddressPeer]:
    yield from entity.facts.addresses
    yield from (it for it in entity.facts.peers if isinstance(it, AddressPeer))
