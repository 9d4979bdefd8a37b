"""Policies of Calico: what an API server with Calico's custom resources says of those that the reader takes or refuses.

Calico's own code refuses more; of that, the resources say nothing.
"""

import pytest
import yaml

from support.calico_kinds import KINDS, UNREAD, WRONG, WRONG_TO_CALICO
from support.cluster_policy_kinds import Neighbour
from support.guardrail_samples import CALICO, CLUSTER
from support.helm_engines import ROOT, Embedded, merge
from support.tables import each
from testbed.api import Api
from testbed.control_plane import ControlPlane
from testbed.owners import objections


@pytest.fixture
def api(calico: ControlPlane) -> Api:
    return calico.api


@each("manifest", KINDS)
def test_what_is_right(api: Api, manifest: str) -> None:
    assert objections(api, yaml.safe_load(manifest)) == []


def test_what_the_chart_renders_for_guardrails(api: Api) -> None:
    values = merge(CLUSTER, {"networkPolicy": {"apiVersion": CALICO}})
    text = Embedded().template(ROOT / "guardrail-policy", values, release="guardrail-policy", namespace="kube-system")
    objects = [held for it in yaml.safe_load_all(text) if it for held in it["items"]]
    assert [it["kind"] for it in objects] == ["Tier", "GlobalNetworkPolicy", "GlobalNetworkPolicy"]
    assert [objections(api, it) for it in objects] == [[], [], []]
    objects[1]["spec"]["egress"][0]["action"] = "Reject"
    assert objections(api, objects[1])


@each("neighbour", WRONG)
def test_what_is_wrong(api: Api, neighbour: Neighbour) -> None:
    assert objections(api, yaml.safe_load(neighbour.changed)), neighbour[1:]


@each("neighbour", [*WRONG_TO_CALICO, *UNREAD])
def test_what_the_resources_take(api: Api, neighbour: Neighbour) -> None:
    """These are refused by Calico's own code or by the reader: the reason is next to each."""
    assert objections(api, yaml.safe_load(neighbour.changed)) == [], neighbour[1:]
