"""Values for `helm test`: names of Services where they lead to the same pods alone; and the chart takes them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.cli import OK
from egressc.cluster.objects import Object
from egressc.diagnostics.core import Report
from egressc.helm.chart import own_chart
from egressc.helm.choose import open_engine
from egressc.helm.engine import RenderJob, ValuesFile
from egressc.probe.overlay import plan_overlay
from egressc.probe.plan import read_named
from egressc.probe.scene import see_cluster
from egressc.source import Source
from support.command import run
from support.probed_shop import AROUND, ProbedShop, ready

pytestmark = pytest.mark.slow  # each test runs commands on a whole project


@pytest.fixture
def shop(tmp_path: Path) -> ProbedShop:
    return ProbedShop(tmp_path)


def service(home: str, name: str, app: str, port: int, target: object, **spec: Any) -> Object:
    ports = [{"port": port, "targetPort": target, "protocol": "TCP"}]
    metadata = {"name": name, "namespace": home}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"selector": {"app": app}, "ports": ports, **spec},
    }


def printed(shop: ProbedShop, *more: Object, **options: Any) -> tuple[str, Any]:
    report = Report()
    plan = shop.plan(named=options.pop("named", ()))
    planned = plan_overlay(plan, shop.cluster(*more, **options), None, 10, report)
    assert planned is not None
    assert not report.has_errors
    text, _ = planned
    return text, yaml.safe_load(text)["networkPolicy"]["probe"]


def test_pods_stand_where_there_is_no_service(shop: ProbedShop) -> None:
    _, probe = printed(shop)
    assert probe["enabled"] is True
    assert probe["connections"]["redis-6379"] == {
        "expect": "allow",
        "host": "10.0.1.1",
        "port": 6379,
        "protocol": "TCP",
    }
    assert probe["connections"]["redis-9121"]["expect"] == "deny"


def test_a_service_stands_for_its_pods_on_its_own_port(shop: ProbedShop) -> None:
    _, probe = printed(
        shop,
        service("data", "cache", "redis", 80, 6379),
        service("shop", "orders", "orders", 80, 8080, clusterIP="None"),
        service("data", "metrics", "metrics", 81, "http"),
    )
    found = {key: (it["host"], it["port"]) for key, it in probe["connections"].items()}
    assert found["redis-6379"] == ("cache.data.svc", 80)
    assert found["orders-8080"] == ("orders.shop.svc", 8080)
    assert found["metrics-http"] == ("metrics.data.svc", 81)
    assert found["redis-9121"] == ("10.0.1.1", 9121)


def test_a_service_that_leads_to_other_pods_too_is_not_taken(shop: ProbedShop) -> None:
    mixed = service("data", "all", "redis", 80, 6379)
    mixed["spec"]["selector"] = {"part": "data"}
    redis, other = ready("data", "redis-1", "10.0.1.1", 6379), ready("data", "ledger-1", "10.0.1.4", 5432)
    for pod in (redis, other):
        pod["metadata"]["labels"]["part"] = "data"
    around = tuple(it for it in AROUND if it["metadata"]["name"] not in ("redis-1", "ledger-1"))
    _, probe = printed(shop, mixed, around=(*around, redis, other))
    assert probe["connections"]["redis-6379"]["host"] == "10.0.1.1"


def test_what_a_person_names_stays_as_written(shop: ProbedShop) -> None:
    _, probe = printed(shop, service("data", "cache", "redis", 80, 6379), named=read_named(["10.0.1.1:6379"], []))
    assert probe["connections"]["allow-1"]["host"] == "10.0.1.1"


def test_the_chart_takes_them(shop: ProbedShop) -> None:
    text, probe = printed(shop)
    own = (shop.folder / "values" / "web.yaml").read_text("utf-8")
    files = tuple(ValuesFile(Source(name, it)) for name, it in (("web.yaml", own), ("probe.yaml", text)))
    job = RenderJob("web", "shop", files)
    rendered = open_engine("embedded", {}).render(own_chart(), job)
    pods = [it for it in yaml.safe_load_all(rendered) if it and it["kind"] == "Pod"]
    assert len(pods) == 2
    words = pods[0]["spec"]["containers"][0]["args"]
    assert set(probe["connections"]) <= set(words)


def test_metadata_is_denied_where_a_person_says_that_it_answers(shop: ProbedShop) -> None:
    planned = plan_overlay(shop.plan(), shop.cluster(), None, 10, Report())
    assert planned is not None
    text, left_out = planned
    assert "169.254" not in text
    assert "api-server" in text
    assert any(it.startswith("left out: deny node metadata: not every cluster has it") for it in left_out)
    _, probe = printed(shop, named=read_named([], ["169.254.169.254:80"]))
    assert probe["connections"]["deny-1"]["host"] == "169.254.169.254"


def test_metadata_has_the_address_family_of_the_pods(shop: ProbedShop) -> None:
    with (shop.folder / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write("cluster: {ipFamilies: [IPv6]}\n")
    assert run(["compile"], shop.folder).exit_code == OK
    seen = see_cluster(shop.plan(), shop.cluster(), 10, Report())
    assert seen is not None
    assert [it.host for it in seen.connections if it.key == "metadata"] == ["fd00:ec2::254"]
    planned = plan_overlay(shop.plan(), shop.cluster(), None, 10, Report())
    assert planned is not None
    assert any(it.endswith("where yours does: --deny [fd00:ec2::254]:80") for it in planned[1])


def test_what_is_left_out_is_said(shop: ProbedShop) -> None:
    planned = plan_overlay(shop.plan(), shop.cluster(around=AROUND[:3]), None, 10, Report())
    assert planned is not None
    assert "left out: allow orders: no pod of it is ready" in planned[1]


def test_the_command_prints_nothing_without_a_cluster(shop: ProbedShop) -> None:
    kubeconfig = shop.folder / "kubeconfig"
    kubeconfig.write_text("apiVersion: v1\nkind: Config\n", "utf-8")
    result = run(["probe", "web", "--values", "--kubeconfig", str(kubeconfig)], shop.folder)
    assert (result.exit_code, result.stdout) == (1, "")
