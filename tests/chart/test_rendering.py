"""What the root chart renders, byte for byte the same on every engine.

The expected files hold whole outputs of `helm template`; a change to one is a change of every user's cluster.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from support.chart_samples import BOTH, COMPILED, EVERYTHING, INGRESS
from support.helm_engines import Binary, Engine, Values

SAMPLES: dict[str, Values] = {
    "defaults": {},
    "compiled": COMPILED,
    "everything": EVERYTHING,
    "ingress": INGRESS,
    "closed": {"networkPolicy": {"policyTypes": ["Egress", "Ingress"], "dns": {"profile": "none"}}},
}


@pytest.mark.parametrize(("name", "values"), SAMPLES.items(), ids=list(SAMPLES))
def test_renders_the_expected_text(
    engine: Engine, plain_chart: Path, name: str, values: Values, expect_text: Callable[[str, str], None]
) -> None:
    expect_text(f"{name}.yaml", engine.template(plain_chart, values))


def test_compiled_values_mean_what_they_say(engine: Engine, plain_chart: Path) -> None:
    policy = yaml.safe_load(engine.template(plain_chart, COMPILED))
    dns, llm, qdrant = policy["spec"]["egress"]
    assert policy["spec"]["podSelector"] == COMPILED["networkPolicy"]["podSelector"]  # type: ignore[index]
    assert policy["spec"]["policyTypes"] == ["Egress"]
    assert dns["ports"] == [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    for rule, key in ((llm, "llm-apis"), (qdrant, "qdrant")):
        asked = COMPILED["networkPolicy"]["dependencies"][key]  # type: ignore[index]
        assert rule == {"to": asked["to"], "ports": asked["ports"]}


def test_every_value_reaches_the_policy(engine: Engine, plain_chart: Path) -> None:
    policy = yaml.safe_load(engine.template(plain_chart, EVERYTHING))
    given = EVERYTHING["networkPolicy"]
    assert isinstance(given, dict)
    dns, named, ports, all_ports, *extras = policy["spec"]["egress"]
    assert policy["spec"]["podSelector"] == given["podSelector"]
    assert dns == {"to": given["dns"]["to"], "ports": given["dns"]["ports"]}
    assert [rule["to"] for rule in (named, ports, all_ports)] == [
        given["dependencies"][key]["to"] for key in ("a-named", "b-range", "c-all")
    ]
    assert all_ports["ports"] == [{"protocol": "TCP"}, {"protocol": "SCTP"}]
    assert extras == [
        {},
        {"to": given["egress"][1]["to"]},
        {
            "ports": [
                {"protocol": "TCP", "port": 8080},
                {"protocol": "TCP", "port": "metrics"},
                {"protocol": "UDP"},
                {"protocol": "TCP"},
            ]
        },
        {"to": given["egress"][3]["to"], "ports": [{"protocol": "TCP", "port": 9000, "endPort": 9000}]},
    ]
    assert policy["metadata"]["annotations"] == given["commonAnnotations"]
    assert policy["metadata"]["name"] == "shop-web"


def test_every_value_of_ingress_reaches_the_policy(engine: Engine, plain_chart: Path) -> None:
    policy = yaml.safe_load(engine.template(plain_chart, INGRESS))
    given = INGRESS["networkPolicy"]
    assert isinstance(given, dict)
    balancer, front = (given["callers"][key] for key in ("load-balancer", "shop-front"))
    assert policy["spec"] == {
        "podSelector": given["podSelector"],
        "policyTypes": ["Ingress"],
        "ingress": [
            {"from": balancer["from"], "ports": [{"protocol": "TCP"}, {"protocol": "UDP"}]},
            {"from": front["from"], "ports": front["ports"]},
            {},
            {"from": given["ingress"][1]["from"]},
            {"ports": [{"protocol": "TCP", "port": 9000, "endPort": 9001}, {"protocol": "TCP"}]},
            given["ingress"][3],
        ],
    }


def test_each_direction_is_the_same_alone_and_next_to_the_other(engine: Engine, plain_chart: Path) -> None:
    egress, ingress, both = (
        yaml.safe_load(engine.template(plain_chart, values))["spec"] for values in (EVERYTHING, INGRESS, BOTH)
    )
    assert both["policyTypes"] == ["Ingress", "Egress"]
    assert (both["egress"], both["ingress"]) == (egress["egress"], ingress["ingress"])
    assert ("ingress" in egress, "egress" in ingress) == (False, False)


def test_disabled_renders_nothing(engine: Engine, plain_chart: Path) -> None:
    values = {"networkPolicy": {"enabled": False}}
    assert engine.template(plain_chart, COMPILED, values).strip() == ""


def test_an_escape_hatch_needs_no_sound_values(engine: Engine, unchecked_chart: Path) -> None:
    values = {"networkPolicy": {"enabled": False, "dependencies": {"db": {}}}}
    assert engine.template(unchecked_chart, values).strip() == ""


def test_numbers_from_the_command_line_stay_whole(helm: Binary, plain_chart: Path) -> None:
    port = "networkPolicy.egress[0].ports[0]"
    text = helm.run("template", "rel", plain_chart, "--set", f"{port}.port=40000,{port}.endPort=65535")
    assert yaml.safe_load(text)["spec"]["egress"][1] == {
        "ports": [{"protocol": "TCP", "port": 40000, "endPort": 65535}]
    }


def test_a_later_file_changes_one_dependency_and_no_other(engine: Engine, plain_chart: Path) -> None:
    before = yaml.safe_load(engine.template(plain_chart, COMPILED))["spec"]["egress"]
    change = {"networkPolicy": {"dependencies": {"qdrant": {"ports": [{"port": 6333, "protocol": "TCP"}]}}}}
    after = yaml.safe_load(engine.template(plain_chart, COMPILED, change))["spec"]["egress"]
    assert after[:2] == before[:2]
    assert after[2] == {"to": before[2]["to"], "ports": [{"protocol": "TCP", "port": 6333}]}


def test_null_drops_a_dependency(engine: Engine, plain_chart: Path) -> None:
    drop: Values = {"networkPolicy": {"dependencies": {"qdrant": None, "never-there": None}}}
    text = engine.template(plain_chart, COMPILED, drop)
    assert "Qdrant" not in text
    assert len(yaml.safe_load(text)["spec"]["egress"]) == 2


def test_null_drops_a_caller(engine: Engine, plain_chart: Path) -> None:
    drop: Values = {"networkPolicy": {"callers": {"shop-front": None, "never-there": None}, "ingress": []}}
    (balancer,) = yaml.safe_load(engine.template(plain_chart, INGRESS, drop))["spec"]["ingress"]
    assert balancer["from"] == [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]


def test_without_its_last_caller_a_policy_lets_in_nothing(engine: Engine, plain_chart: Path) -> None:
    drop: Values = {"networkPolicy": {"callers": {"shop-front": None, "load-balancer": None}, "ingress": []}}
    assert yaml.safe_load(engine.template(plain_chart, INGRESS, drop))["spec"]["ingress"] == []


def test_set_drops_and_changes_a_dependency(helm: Binary, plain_chart: Path) -> None:
    below = "networkPolicy.dependencies"
    options = ["--set", f"{below}.llm-apis=null", "--set", f"{below}.qdrant.ports[0].port=6399"]
    text = helm.run("template", "rel", plain_chart, *helm.files(COMPILED), *options)
    _, qdrant = yaml.safe_load(text)["spec"]["egress"]
    assert qdrant["ports"][0]["port"] == 6399


@pytest.mark.parametrize(
    "nulls",
    [
        {"enabled": None},
        {"dns": None},
        {"dns": {"profile": None}},
        {"dependencies": None, "egress": None, "commonLabels": None, "commonAnnotations": None, "podSelector": None},
        {"policyTypes": None, "callers": None, "ingress": None},
    ],
    ids=["enabled", "dns", "profile", "the rest", "ingress"],
)
def test_null_means_the_default(engine: Engine, unchecked_chart: Path, nulls: Values) -> None:
    assert engine.template(unchecked_chart, {"networkPolicy": nulls}) == engine.template(unchecked_chart)


def test_a_dropped_label_leaves_the_selector(engine: Engine, unchecked_chart: Path) -> None:
    first = {"networkPolicy": {"podSelector": {"matchLabels": {"app": "web", "tier": "a"}}}}
    text = engine.template(unchecked_chart, first, {"networkPolicy": {"podSelector": {"matchLabels": {"tier": None}}}})
    assert yaml.safe_load(text)["spec"]["podSelector"] == {"matchLabels": {"app": "web"}}
