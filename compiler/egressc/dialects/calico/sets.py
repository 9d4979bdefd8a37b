"""Network sets of Calico, and which of them a rule selects: by their labels, as it selects pods.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3 (networkset.go, globalnetworkset.go) and
libcalico-go/lib/backend/syncersv1/updateprocessors (rules.go, networksetprocessor.go).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from egressc.dialects.calico.grammar import Node, keys_of, meets
from egressc.dialects.calico.selectors import NAME, NAMESPACE, OF_NAMESPACE
from egressc.dialects.shapes.fields import Object, Problems, mapping, only, shown
from egressc.dialects.shapes.limited import distinct
from egressc.dialects.shapes.networks import read_network
from egressc.dialects.shapes.selectors import read_labels
from egressc.model.address_sets import AddressSet, join_addresses
from egressc.model.label_classes import NAMESPACE_NAME

_BITS: Final = {False: 32, True: 128}


class NetworkSet(NamedTuple):
    """Addresses with labels; `home` is empty for those of the whole cluster."""

    home: str
    name: str
    labels: Mapping[str, str]
    addresses: AddressSet

    @property
    def key(self) -> tuple[str, str]:
        return self.home, self.name


class SetSelector(NamedTuple):
    """Which network sets a peer selects: those in `home`, or in namespaces by labels; with neither, all.

    `excluded` selects those whose addresses are left out, wherever they are; None for none. `path` is that of the peer.
    """

    labels: Node
    excluded: Node | None
    namespaces: Node | None
    home: str
    path: str

    @property
    def left_out(self) -> "SetSelector | None":
        """The sets whose addresses the peer does not have, though others that it selects may hold them."""
        return None if self.excluded is None else SetSelector(self.excluded, None, None, "", self.path)


def read_set(manifest: Object, home: str, name: str, problems: Problems) -> NetworkSet:
    spec = mapping(manifest, "spec", "", problems) or {}
    only(spec, frozenset(("nets",)), "spec", problems)
    metadata = mapping(manifest, "metadata", "", problems) or {}
    labels = read_labels(mapping(metadata, "labels", "metadata", problems) or {}, "metadata.labels", problems)
    return NetworkSet(home, name, labels, read_networks(spec, "nets", None, "spec", problems, takes_addresses=True))


def read_networks(
    parent: Object, key: str, most: int | None, path: str, problems: Problems, *, takes_addresses: bool = False
) -> AddressSet:
    """The networks of a list; `takes_addresses`: one can be without a prefix length."""
    found = []
    for at, written in distinct(parent, key, most, path, problems) if parent.get(key) else ():
        is_alone = takes_addresses and "/" not in written
        network = read_network(f"{written}/{_BITS[':' in written]}" if is_alone else written)
        if isinstance(network, str):
            problems.add(at, f"{shown(written)} is not a network: it {network}")
            continue
        if network.strict:
            problems.doubt(at, f"{shown(written)} has bits beyond its prefix length, and is read as {network.strict}")
        found.append(network.addresses)
    return join_addresses(found)


def selects(
    wanted: SetSelector, held: NetworkSet, namespaces: Mapping[str, Mapping[str, str]], problems: Problems
) -> bool:
    """Whether a peer selects a set; a problem where that depends on labels of a namespace that nobody knows."""
    if wanted.home and wanted.home != held.home:
        return False
    known = namespaces.get(held.home, {})
    place = {**known, NAMESPACE_NAME: held.home, NAME: held.home} if held.home else {}
    asked = {it.removeprefix(OF_NAMESPACE) for it in keys_of(wanted.labels) if it.startswith(OF_NAMESPACE)}
    asked |= {*keys_of(wanted.namespaces)} if wanted.namespaces is not None else set()
    if held.home and held.home not in namespaces and asked - {NAMESPACE_NAME, NAME}:
        problems.add(wanted.path, f"may select the set {held.name}: labels of namespace {held.home} are unknown")
    labels = {**held.labels, **{f"{OF_NAMESPACE}{key}": value for key, value in place.items()}}
    labels |= {NAMESPACE: held.home} if held.home else {}
    is_global = not held.home
    return meets(wanted.labels, labels, is_global=is_global) and (
        wanted.namespaces is None or meets(wanted.namespaces, place, is_global=is_global)
    )
