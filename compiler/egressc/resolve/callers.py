"""Who connects: what rows name as their source, where that is a service, and where it is none."""

from functools import partial
from ipaddress import ip_network

from egressc.diagnostics.callers import own_node, placeless_caller
from egressc.diagnostics.core import Report
from egressc.diagnostics.references import address_source, unusable_source
from egressc.diagnostics.rows import outside_caller
from egressc.model.entities import Entity
from egressc.model.policy import AddressPeer, Direction
from egressc.model.references import Reference, Written
from egressc.model.requirements import Row
from egressc.resolve.baselines import BaselineResolver
from egressc.resolve.forms import is_doubtful, is_everything, is_no_name, is_own_node, is_person, is_public, named_part
from egressc.resolve.ids import make_id
from egressc.resolve.presets import INTERNET
from egressc.resolve.references import ReferenceResolver, refuse_for
from egressc.source import Located


class CallerResolver:
    """Finds the sources of rows. A source that is not a service gets one finding, at its first row."""

    def __init__(self, answers: ReferenceResolver, baselines: BaselineResolver, report: Report) -> None:
        self.answers = answers
        self.baselines = baselines
        self.report = report
        self._outside: set[str] = set()

    def sources(
        self, row: Row, cell: Written, item: int, ref: Reference, *, is_accepted: bool = False
    ) -> tuple[Entity, ...]:
        """What a row names as its source. EG303, EG317 or the problem of the name; EG420, EG442, EG443 for no service.

        `is_accepted`: the row leads to a service whose policy limits ingress, so that callers that are no services
        matter too. People outside are then the internet.
        """
        at = partial(row.place, cell, item=item)
        entities = self.answers.entities
        named = Located(ref.name, at(0, len(ref.text)))
        if not entities.holds(ref.text) and not entities.holds(ref.name) and not self.answers.forms(ref):
            is_limited = ref.trouble is not None and entities.holds(ref.text.partition("(")[0].rstrip())
            is_many = not is_limited and (is_everything(ref.name) or is_no_name(ref.name))
            if is_many or is_doubtful(ref.name):
                self.report.add(unusable_source(named, is_many=is_many))
                return ()
            if is_own_node(ref.name):
                self.report.add(own_node(named))
                return ()
            if is_person(ref.name):
                if is_accepted and ref.limit is not None:
                    self.answers.refuse(refuse_for(ref, ref.limit), at, "")
                    return ()
                if is_accepted and is_public(ref.name):
                    return self._meet(entities.find(INTERNET))
                if is_accepted:
                    self.report.add(placeless_caller(named))
                else:
                    self._say_outside(named, make_id(ref.name))
                return ()
        is_written = ref.address is not None and not entities.holds(ref.text)
        if is_written and not is_accepted and ref.address is not None and self._is_private(ref.address):
            self.report.add(address_source(named))
            return ()
        found, problem = self.answers.callers(ref, lambda: named.span)
        found = tuple(self.answers.entities.calling(it, self.answers.cluster) for it in found)
        if problem.unknown is not None:
            unknown = named_part(ref, at)
            self.answers.unknown_sources.setdefault(unknown.value, []).append(unknown.span)
        else:
            self.answers.refuse(problem, at, "")
        if not is_accepted:
            for entity in found:
                if not entity.is_service and not self.sends(entity):
                    self._say_outside(Located(entity.name, named.span), entity.key)
        elif any(entity.has_no_place for entity in found):
            self.report.add(placeless_caller(named))
            return ()
        else:
            for entity in found:
                if entity.is_preset:
                    self.answers.target(entity, lambda: named.span)  # what it lacks is reported here
        return self._meet(found)

    def sends(self, entity: Entity) -> bool:
        """Whether an entity is all pods of a namespace whose baseline limits their egress."""
        return self.baselines.limits(entity, Direction.EGRESS)

    def _meet(self, callers: tuple[Entity, ...]) -> tuple[Entity, ...]:
        """Hold that a row names these callers."""
        self.answers.entities.used.update(callers)
        return callers

    def _is_private(self, address: AddressPeer) -> bool:
        """Whether an address is one that pods may have."""
        network = ip_network(address.cidr)
        ranges = (ip_network(it) for it in self.answers.cluster.private_ranges)
        return any(it.version == network.version and it.overlaps(network) for it in ranges)

    def _say_outside(self, name: Located[str], key: str) -> None:
        if key not in self._outside:
            self._outside.add(key)
            self.report.add(outside_caller(name, key))
