"""How many rules the charts write for one rule of the values: compared with what they render.

That egressc and the charts refuse too many: tests/unit/checks/test_dialect.py and tests/chart/test_calico.py.
"""

import pytest
import yaml

from egressc.dialects.limits import rule_limit_of
from egressc.emit.rules import rule_data
from egressc.model.dialects import CALICO, DIALECTS
from egressc.model.policy import AddressPeer, Direction, GrantEnd, HostPeer, Peer, PodPeer, Port, Protocol, Selector
from support.helm_engines import ROOT, Embedded
from support.tables import each

_TCP, _UDP = Protocol.TCP, Protocol.UDP
_ONE = (Port(_TCP, 443),)
_DB = PodPeer(None, Selector((("app", "db"),)))
_NETWORKS = [AddressPeer(f"10.{it // 256}.{it % 256}.0/24") for it in range(300)]
_API = HostPeer("kube-apiserver", is_entity=True)
RELEASE = {"name": "web", "namespace": "shop"}


@pytest.mark.slow
@each(
    ("peers", "ports", "count"),
    [
        ([_DB], _ONE, 1),
        ([_DB, PodPeer(Selector(), None)], (*_ONE, Port(_UDP, 53)), 4),
        ([_DB], tuple(Port(_TCP, it) for it in range(1, 102)), 3),
        ([_DB], (Port(_TCP, None), Port(_UDP, None)), 2),
        ([_DB], (*_ONE, Port(_TCP, None), Port(_UDP, 53)), 2),
        (_NETWORKS, _ONE, 2),
        ([*_NETWORKS[:256], AddressPeer("fd00::/8"), _DB], _ONE, 3),
        ([AddressPeer("10.0.0.0/8", ("10.1.0.0/16",)), AddressPeer("192.0.2.0/24")], _ONE, 2),
        ([_API, *_NETWORKS], (Port(_TCP, 6443),), 1),
    ],
)
def test_as_many_rules_as_the_charts_write(peers: list[Peer], ports: tuple[Port, ...], count: int) -> None:
    limit = rule_limit_of(CALICO)
    assert limit is not None
    assert limit.rules_for(peers, ports) == count
    rule = rule_data(Direction.EGRESS, GrantEnd("a", "a", tuple(peers)), ports, "")
    settings = {
        "dialect": {"kind": CALICO},
        "release": RELEASE,
        "podSelector": {"matchLabels": {"app": "web"}},
        "dns": {"profile": "none"},
        "dependencies": {"a": rule},
    }
    text = Embedded().template(ROOT, {"networkPolicy": settings}, release="web", namespace="shop")
    (policy,) = (it for it in yaml.safe_load_all(text) if it)
    assert len(policy["spec"]["egress"]) == count


def test_other_dialects_have_no_limit() -> None:
    assert [name for name in DIALECTS if rule_limit_of(name) is not None] == [CALICO]
