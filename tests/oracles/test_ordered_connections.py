"""Connections that a report lists under policies with order and denials: each is what the verdict on it says."""

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.model.flows import Pod
from egressc.model.policy import Protocol
from egressc.model.port_sets import NO_PORTS, has_port
from egressc.source import Source
from egressc.verify.flows.verdicts import Judge
from egressc.verify.listing.connections import list_connections
from egressc.verify.manifests.reader import read_manifests
from oracles.cilium_chance import NAMESPACES, PODS, policies
from oracles.fuzzing import fuzz

PORTS = ((Protocol.TCP, 80), (Protocol.TCP, 8080), (Protocol.TCP, 8081), (Protocol.UDP, 53), (Protocol.SCTP, 9))


@fuzz(150)
@given(chance=st.integers(0, 2**32 - 1))
def test_a_listed_connection_is_allowed_and_no_other(chance: int) -> None:
    manifests = policies(random.Random(chance))  # noqa: S311 - chance, not secrecy
    report = Report()
    texts = "---\n".join(f"{json.dumps(it)}\n" for it in manifests)
    read = read_manifests([Source("policies.yaml", texts)], report, is_live=True).policies
    pods = [
        Pod(
            it.namespace,
            it.labels,
            NAMESPACES[it.namespace],
            name,
            tuple((port.name, Protocol(port.protocol), port.port) for port in it.ports),
            kind="Pod",
        )
        for name, it in PODS.items()
    ]
    listed = {
        (it.source.name, it.destination.name): it.ports
        for it in list_connections(read, pods)
        if isinstance(it.source, Pod) and isinstance(it.destination, Pod)
    }
    judge = Judge(read)
    for source in pods:
        for destination in pods:
            ports = listed.get((source.name, destination.name), NO_PORTS)
            for protocol, number in PORTS if source is not destination else ():
                expected = judge.judge(source, destination, protocol, number).allowed
                assert has_port(ports, protocol, number, frozenset()) == expected, (source, destination, number, texts)
