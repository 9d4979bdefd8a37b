"""Which services of a compiled project a command is about."""

from collections.abc import Sequence
from difflib import get_close_matches

from egressc.model.release_kinds import EGRESS_GATEWAY
from egressc.project.compiling import Compiled
from egressc.project.usage import UnknownName


def pick_services(compiled: Compiled, names: Sequence[str]) -> list[str]:
    """The ids of the services and namespaces that a command line names by id or by name; of all where it names none."""
    held = [it.service for it in compiled.values]
    known = {it.release: it.id for it in held if it.kind.is_of_cluster}
    known |= {service.name: service.id for service in held} | {service.id: service.id for service in held}
    unknown = [name for name in names if name not in known]
    if unknown:
        near = get_close_matches(unknown[0], known, 1)
        meant = f', did you mean "{near[0]}"?' if near else ""
        raise UnknownName(f'no service "{unknown[0]}"{meant}')
    return sorted({known[name] for name in names}) or [service.id for service in held]


def with_clients(compiled: Compiled, ids: Sequence[str]) -> list[str]:
    """The ids, and if the egress gateway is among them, those of policies that lead to it: alone it decides nothing."""
    held = [it.service for it in compiled.values]
    if not any(it.kind is EGRESS_GATEWAY and it.id in ids for it in held):
        return [*ids]
    return [*ids, *(it.id for it in held if it.first_host and it.id not in ids)]


def with_shared(compiled: Compiled, ids: Sequence[str]) -> list[str]:
    """The ids of services, and of what holds for them too: their namespaces, and the gateway that leads to hosts."""
    held = [it.service for it in compiled.values]
    ids = with_clients(compiled, ids)
    places = {it.namespace for it in held if it.id in ids}
    shared = [it.id for it in held if it.is_baseline and it.namespace in places]
    # Whoever reaches its pods reaches hosts, by whatever row.
    shared += (it.id for it in held if it.kind is EGRESS_GATEWAY)
    return [*ids, *(it for it in shared if it not in ids)]
