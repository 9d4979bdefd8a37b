"""A batch gives exactly the bytes that single renders give, in each engine."""

import json
from pathlib import Path

from support.chart_samples import BOTH, COMPILED, EVERYTHING, INGRESS, caller, dependency
from support.helm_engines import Engine, Values

CHART = {"Name": "service-policy", "Version": "0.1.0", "AppVersion": "0.1.0", "IsRoot": True}
OFF: Values = {"networkPolicy": {"enabled": False}}
NOTHING: Values = {"networkPolicy": {"dns": {"profile": "none"}}}
CLOSED: Values = {"networkPolicy": {"policyTypes": ["Ingress"]}}


def render(engine: Engine, chart: Path, define: str, argument: Values) -> str:
    text = engine.template(chart, {"probe": {"define": define, "argument": argument}})
    output = json.loads(text.partition("output: ")[2])
    assert isinstance(output, str)
    return output


def test_a_batch_is_its_single_renders(engine: Engine, probe_chart: Path) -> None:
    releases = [
        {"Values": values, "Release": {"Name": f"web-{number}", "Namespace": "ns", "Service": "Helm"}}
        for number, values in enumerate([COMPILED, OFF, EVERYTHING, NOTHING, {}, INGRESS, BOTH, CLOSED])
    ]
    singles = [render(engine, probe_chart, "network-policy.policy", {**each, "Chart": CHART}) for each in releases]
    batch = render(engine, probe_chart, "network-policy.policy.batch", {"Chart": CHART, "releases": releases})
    assert list(map(json.loads, batch.split("\n"))) == singles


def test_a_rule_by_name_is_that_rule(engine: Engine, probe_chart: Path) -> None:
    dependencies = {key: dependency(name=f"The {key}") for key in ("cache", "db")}
    callers = {key: caller(name=f"The {key}") for key in ("web", "api")}
    types = ["Ingress", "Egress"]
    given = {"networkPolicy": {"policyTypes": types, "dependencies": dependencies, "callers": callers}}
    rules = {}
    names: dict[str, dict[str, str]] = {"dependencies": {}, "callers": {}}
    for kind, peers, named in (("dependencies", "to", dependencies), ("callers", "from", callers)):
        for key, rule in named.items():
            names[kind][key] = f"{kind} {key}"
            rules[f"{kind} {key}"] = {"key": key, "rule": rule, "peers": peers}
    shared = {"networkPolicy": {"policyTypes": types, **names}}
    release = {"Name": "web", "Namespace": "ns", "Service": "Helm"}
    releases = [{"Values": values, "Release": release} for values in (given, shared)]
    argument = {"Chart": CHART, "releases": releases, "rules": rules}
    one, other = render(engine, probe_chart, "network-policy.policy.batch", argument).split("\n")
    assert one == other
    assert one.count("# The ") == 4
