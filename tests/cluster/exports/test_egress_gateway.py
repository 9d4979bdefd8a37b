"""Objects of an egress gateway: an API server takes all that the chart renders, and refuses their neighbours."""

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.gateway_samples import NAME, NAMESPACE, WEATHER, gateway_values
from support.helm_engines import ROOT, Embedded
from testbed.api import Api
from testbed.owners import objections

Object = dict[str, Any]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Object]:
    """What is rendered, by kind and name."""
    chart = Path(shutil.copytree(ROOT / NAME, tmp_path_factory.mktemp("charts") / NAME))
    text = Embedded().template(chart, gateway_values(), release=NAME, namespace=NAMESPACE)
    return {f"{it['kind']} {it['metadata']['name']}": it for it in yaml.safe_load_all(text) if it}


def test_the_api_server_takes_what_is_rendered(api: Api, objects: dict[str, Object]) -> None:
    assert {name: objections(api, it) for name, it in objects.items()} == {name: [] for name in objects}
    assert len({it["kind"] for it in objects.values()}) == 6


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("ServiceEntry", ("resolution",), "SIDEWAYS"),
        ("ServiceEntry", ("ports", 0, "targetPort"), 70000),
        ("ServiceEntry", ("hosts",), ["*"]),
        ("Gateway", ("servers", 0, "tls", "mode"), "ISTIO"),
        ("Gateway", ("servers", 0, "hosts"), None),
        ("VirtualService", ("http", 0, "match", 0, "ports"), 80),
        ("VirtualService", ("http", 0, "route", 0, "destination", "host"), None),
        ("DestinationRule", ("trafficPolicy", "portLevelSettings", 0, "tls", "mode"), "TLS"),
        ("AuthorizationPolicy", ("action",), "REFUSE"),
        ("AuthorizationPolicy", ("rules", 0, "from", 0, "source", "notNamespace"), ["shop"]),
        ("EnvoyFilter", ("configPatches", 0, "applyTo"), "FILTER"),
        ("EnvoyFilter", ("configPatches", 0, "match", "listener", "filterChain", "snis"), [WEATHER]),
    ],
)
def test_it_refuses_their_neighbours(
    api: Api, objects: dict[str, Object], kind: str, path: tuple[str | int, ...], value: object
) -> None:
    changed = deepcopy(objects[f"{kind} {NAME}-weather-example"])
    *steps, last = path
    held: Any = changed["spec"]
    for step in steps:
        held = held[step]
    if value is None:
        del held[last]
    else:
        held[last] = value
    assert objections(api, changed)
