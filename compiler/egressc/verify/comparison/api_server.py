"""The API server as guardrails deny it: by its addresses, where rules can name it."""

from collections.abc import Iterable
from dataclasses import replace

from egressc.model.address_sets import API_SERVER_BY_NAME, AddressSet, block, join_addresses
from egressc.model.flows import Direction, Policy, Rule
from egressc.model.host_sets import common_hosts


def with_api_server(policies: Iterable[Policy], api_server: Iterable[str]) -> list[Policy]:
    """The same, where rules that name the API server also have its addresses, by which guardrails can deny it.

    `api_server`: its addresses, as networks; none where they are not known.
    """
    blocks = join_addresses(map(block, api_server))
    known: dict[int, tuple[AddressSet, AddressSet]] = {}  # by identity, which rules of a fleet share

    def with_blocks(rule: Rule) -> Rule:
        held = rule.addresses
        if not common_hosts(held.hosts, API_SERVER_BY_NAME.hosts):
            return rule
        if id(held) not in known:
            known[id(held)] = held, join_addresses((held, blocks))
        return replace(rule, addresses=known[id(held)][1])

    found = [*policies]
    for side in Direction if blocks else ():
        rules = ((it, it.rules(side)) for it in found)
        found = [it if held is None else it.with_rules(side, tuple(map(with_blocks, held))) for it, held in rules]
    return found
