"""The pods of `helm test`: what is rendered, for which values, and how it stands beside the policy."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.helm.choose import open_engine
from egressc.helm.engine import Rendered, RenderJob, ValuesFile
from egressc.source import Source
from probe.rendered import SCRIPT, probe, read_pods
from support.chart_samples import COMPILED, EVERYTHING, released
from support.helm_binaries import helm_binary
from support.helm_engines import ROOT, Binary, Embedded, Engine, Values, merge
from testbed.expansion import expand

CONNECTIONS = {
    "redis": {"expect": "allow", "host": "redis.data.svc.cluster.local", "port": 6379},
    "metadata": {"expect": "deny", "host": "169.254.169.254", "port": 80, "protocol": "TCP"},
    "dns": {"expect": "allow", "host": "fd00::10", "port": 53, "protocol": "UDP"},
}
PROBED = merge(COMPILED, probe(connections=CONNECTIONS))
EVERY_MEMBER = probe(
    image="registry.example.com/busybox@sha256:" + "0" * 64,
    timeoutSeconds=60,
    attempts=10,
    settleSeconds=0,
    dnsName="db.shop.svc.cluster.local",
    podLabels={"tier": "b", "team": "on"},
    control={"podLabels": {"app": "control"}},
    imagePullSecrets=[{"name": "one"}, {"name": "two.parts"}],
    connections=CONNECTIONS,
)


def pods(chart: Path, *values: Values, release: str = "rel") -> dict[str, dict[str, Any]]:
    return read_pods(Embedded().template(chart, *values, release=release))


def container(pod: dict[str, Any]) -> dict[str, Any]:
    (found,) = pod["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def test_renders_the_expected_text(engine: Engine, plain_chart: Path, expect_text: Callable[[str, str], None]) -> None:
    """The same bytes from all, the script included."""
    expect_text("probe.yaml", engine.template(plain_chart, PROBED))


@pytest.mark.parametrize("values", [COMPILED, EVERYTHING, {}], ids=["compiled", "everything", "defaults"])
def test_the_policy_is_the_same_with_it_and_without(engine: Engine, plain_chart: Path, values: Values) -> None:
    without = engine.template(plain_chart, values)
    if values is EVERYTHING:
        values = merge(values, probe(podLabels={"tier": "a"}))
    assert engine.template(plain_chart, values, probe()).startswith(without)


@pytest.mark.parametrize(
    "values",
    [
        {"networkPolicy": {"probe": None}},
        {"networkPolicy": {"probe": {}}},
        {"networkPolicy": {"probe": {"enabled": None}}},
        {"networkPolicy": {"probe": {"enabled": False, "connections": CONNECTIONS}}},
    ],
    ids=["dropped", "empty", "null", "off"],
)
def test_is_nothing_unless_asked_for(engine: Engine, unchecked_chart: Path, values: Values) -> None:
    assert engine.template(unchecked_chart, COMPILED, values) == engine.template(unchecked_chart, COMPILED)


def test_is_nothing_without_a_policy(engine: Engine, plain_chart: Path) -> None:
    assert engine.template(plain_chart, PROBED, {"networkPolicy": {"enabled": False}}).strip() == ""


def test_lints(helm: Binary, plain_chart: Path) -> None:
    for values in ([PROBED], [merge(EVERYTHING, EVERY_MEMBER)]):
        assert "0 chart(s) failed" in helm.run("lint", "--strict", plain_chart, *helm.files(*values))


def test_every_value_reaches_the_pods(engine: Engine, plain_chart: Path) -> None:
    found = read_pods(engine.template(plain_chart, EVERYTHING, EVERY_MEMBER))
    for role, pod in found.items():
        assert container(pod)["image"] == "registry.example.com/busybox@sha256:" + "0" * 64
        assert pod["spec"]["imagePullSecrets"] == [{"name": "one"}, {"name": "two.parts"}]
        assert container(pod)["args"][:6] == [role, "db.shop.svc.cluster.local", "60", "10", "0", "allow"]
    assert found["subject"]["metadata"]["labels"] == {"app": "web", "tier": "b", "team": "on"}
    assert found["control"]["metadata"]["labels"] == {"network-policy/role": "control", "app": "control"}


def test_the_subject_alone_may_be_without_dns(engine: Engine, plain_chart: Path) -> None:
    found = read_pods(engine.template(plain_chart, PROBED, {"networkPolicy": {"dns": {"profile": "none"}}}))
    assert {role: container(pod)["args"][5] for role, pod in found.items()} == {"subject": "none", "control": "allow"}


def test_each_connection_is_five_arguments_by_key(engine: Engine, plain_chart: Path) -> None:
    for pod in read_pods(engine.template(plain_chart, PROBED)).values():
        assert container(pod)["args"][6:] == [
            *("dns", "allow", "UDP", "fd00::10", "53"),
            *("metadata", "deny", "TCP", "169.254.169.254", "80"),
            *("redis", "allow", "TCP", "redis.data.svc.cluster.local", "6379"),
        ]


def test_a_later_file_adds_changes_and_drops(engine: Engine, plain_chart: Path) -> None:
    later = {
        "redis": None,
        "never-there": None,
        "metadata": {"port": 443},
        "new": {"expect": "deny", "host": "example.com", "port": 1},
    }
    pod = read_pods(engine.template(plain_chart, PROBED, {"networkPolicy": {"probe": {"connections": later}}}))[
        "subject"
    ]
    assert container(pod)["args"][6:] == [
        *("dns", "allow", "UDP", "fd00::10", "53"),
        *("metadata", "deny", "TCP", "169.254.169.254", "443"),
        *("new", "deny", "TCP", "example.com", "1"),
    ]


def test_nulls_mean_the_defaults(engine: Engine, unchecked_chart: Path) -> None:
    members = ("image", "timeoutSeconds", "attempts", "settleSeconds", "dnsName", "podLabels", "control")
    nulls = dict.fromkeys([*members, "imagePullSecrets", "connections"])
    assert engine.template(unchecked_chart, probe(**nulls)) == engine.template(unchecked_chart, probe())
    inside = probe(control={"enabled": None, "podLabels": None}, podLabels={"a": None})
    assert engine.template(unchecked_chart, inside) == engine.template(unchecked_chart, probe())


def test_the_subject_is_a_pod_of_the_policy_and_the_control_is_not(engine: Engine, plain_chart: Path) -> None:
    text = engine.template(plain_chart, PROBED)
    policy = yaml.safe_load(text.split("\n---\n")[0])
    found = read_pods(text)
    wanted = policy["spec"]["podSelector"]["matchLabels"].items()
    assert wanted == found["subject"]["metadata"]["labels"].items()
    assert not wanted <= found["control"]["metadata"]["labels"].items()
    assert {pod["metadata"]["namespace"] for pod in found.values()} == {policy["metadata"]["namespace"]}


def test_helm_runs_the_control_first_and_keeps_both(engine: Engine, plain_chart: Path) -> None:
    annotations = {
        role: pod["metadata"]["annotations"] for role, pod in read_pods(engine.template(plain_chart, PROBED)).items()
    }
    for role, weight in (("control", "0"), ("subject", "1")):
        assert annotations[role] == {
            "network-policy/role": role,
            "helm.sh/hook": "test",
            "helm.sh/hook-weight": weight,
            "helm.sh/hook-delete-policy": "before-hook-creation",
        }


def test_without_a_control_the_subject_is_alone(engine: Engine, plain_chart: Path) -> None:
    found = read_pods(engine.template(plain_chart, PROBED, probe(control={"enabled": False})))
    assert found.keys() == {"subject"}


def test_a_pod_has_no_rights_and_serves_nobody(plain_chart: Path) -> None:
    """PodSecurity `restricted`, which a test with a real API server asks; and what is not its business."""
    for pod in pods(plain_chart, PROBED).values():
        spec = pod["spec"]
        assert spec["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": 65534,
            "runAsGroup": 65534,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert container(pod)["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        assert spec["readinessGates"] == [{"conditionType": "network-policy/never"}]
        assert spec["restartPolicy"] == "Never"
        assert spec["terminationGracePeriodSeconds"] == 0
        assert container(pod)["resources"].keys() == {"requests", "limits"}


@pytest.mark.parametrize(
    ("members", "seconds"),
    [
        # Two minutes, five seconds, and three attempts of 19 seconds for DNS.
        ({}, 120 + 5 + 3 * 19),
        ({"connections": CONNECTIONS}, 120 + 5 + 4 * 3 * 19),
        ({"connections": {**CONNECTIONS, "gone": None}, "settleSeconds": 0}, 120 + 4 * 3 * 19),
        ({"connections": CONNECTIONS, "timeoutSeconds": 60, "attempts": 10}, 120 + 5 + 4 * 10 * 361),
    ],
)
def test_is_given_up_when_every_attempt_has_had_its_time(
    plain_chart: Path, members: dict[str, object], seconds: int
) -> None:
    for pod in pods(plain_chart, probe(**members)).values():
        assert pod["spec"]["activeDeadlineSeconds"] == seconds


@pytest.mark.parametrize(("seconds", "resolver"), [(1, "1"), (30, "30"), (60, "30")])
def test_a_resolver_waits_no_longer_than_an_attempt(plain_chart: Path, seconds: int, resolver: str) -> None:
    """glibc takes no more than 30 seconds."""
    (options,) = {
        str(pod["spec"]["dnsConfig"]["options"]) for pod in pods(plain_chart, probe(timeoutSeconds=seconds)).values()
    }
    assert yaml.safe_load(options) == [{"name": "timeout", "value": resolver}, {"name": "attempts", "value": "1"}]


@pytest.mark.parametrize(
    ("release", "override", "start"),
    [
        ("orders", "", "orders"),
        ("orders", "shop", "shop"),
        ("orders-probe", "", "orders-probe"),
        ("orders", "x" * 49, "x" * 49),
    ],
)
def test_is_called_like_the_policy(plain_chart: Path, release: str, override: str, start: str) -> None:
    found = pods(plain_chart, probe(), {"fullnameOverride": override}, release=release)
    assert {role: pod["metadata"]["name"] for role, pod in found.items()} == {
        "control": f"{start}-probe-control",
        "subject": f"{start}-probe",
    }


def test_a_long_name_keeps_its_ends_and_stays_its_own(unchecked_chart: Path) -> None:
    names = []
    for override in (
        "x" * 60 + "a",
        "x" * 60 + "b",
        "x" * 50 + "a",
        "x" * 57,
        "x" * 56 + "-" + "y" * 5,
        "x" * 49 + "-z",
    ):
        found = pods(unchecked_chart, probe(), {"fullnameOverride": override})
        for role, end in (("control", "-probe-control"), ("subject", "-probe")):
            name = found[role]["metadata"]["name"]
            assert len(name) <= 63
            assert name.endswith(end)
            assert re.fullmatch("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?", name)
            names.append(name)
    assert len(set(names)) == len(names)


def test_a_subchart_has_pods_of_its_own(probe_chart: Path) -> None:
    def name(chart: str) -> list[str]:
        argument = {
            "Values": probe(),
            "Release": {"Name": "rel", "Namespace": "ns"},
            "Chart": {"Name": chart, "IsRoot": False},
        }
        text = Embedded().template(probe_chart, {"probe": {"define": "network-policy.probe", "argument": argument}})
        output = yaml.safe_load(text)["output"]
        return [pod["metadata"]["name"] for pod in read_pods(output).values()]

    names = name("web") + name("db")
    assert len(set(names)) == 4
    assert all(found.startswith(("rel-web-", "rel-db-")) for found in names)


def test_the_engines_of_the_compiler_give_what_helm_gives(plain_chart: Path) -> None:
    """Alone and in a fleet, where services without a probe take the quick way past the whole chart."""
    jobs = [
        RenderJob(name, "shop", (ValuesFile(Source(f"{name}.yaml", json.dumps(values)), values),))
        for name, given in (("a", COMPILED), ("b", PROBED), ("c", merge(EVERYTHING, EVERY_MEMBER)), ("d", {}))
        for values in [released(given, name, "shop")]
    ]
    embedded = open_engine("embedded", {})
    together = [outcome.text for outcome in embedded.render_fleet(ROOT, jobs) if isinstance(outcome, Rendered)]
    assert together == [embedded.render(ROOT, job) for job in jobs]
    for major in ("3", "4"):
        assert together == [open_engine(helm_binary(major), {}).render(ROOT, job) for job in jobs]
    assert ["kind: Pod" in text for text in together] == [False, True, True, False]


def test_the_script_needs_no_expansion_and_no_tab(plain_chart: Path) -> None:
    """What Kubernetes would read in it is not there, so it is the same wherever it is read."""
    (script,) = {container(pod)["command"][SCRIPT] for pod in pods(plain_chart, PROBED).values()}
    assert "$(" not in script
    assert "$$" not in script
    assert script.isascii()
    assert "\t" not in script
    assert expand(script, {"NAME": "x"}) == script
    assert container(pods(plain_chart, PROBED)["subject"])["command"] == ["/bin/sh", "-c", script, "probe"]


def test_notes_say_how_to_run_it(probe_chart: Path) -> None:
    def notes(*values: Values) -> str:
        text = Embedded().template(probe_chart, *values, {"probe": {"define": "network-policy.policy.notes"}})
        output = yaml.safe_load(text)["output"]
        assert isinstance(output, str)
        return output

    line = "\nTry the connections of networkPolicy.probe:\n\n  helm test rel --namespace ns --logs\n"
    assert notes(PROBED) == notes(COMPILED) + line
