"""What of a probe the library refuses without any schema, and in which words; and what no user's text can become."""

import json
from pathlib import Path

import helm_python
import pytest

from chart.test_hostile_strings import HOSTILE
from probe.rendered import probe, read_pods
from support.helm_engines import Embedded, Engine, HelmFailed, Values, merge
from testbed.expansion import expand

PROBE = "networkPolicy.probe"
DB = f"{PROBE}.connections.db"
# What Kubernetes, a shell, nc, TAP and YAML might take for something of theirs.
HOSTILE_HERE = [
    *HOSTILE,
    "$(HOME)",
    "$(HOME",
    "$",
    "a$",
    "$$",
    "$$$(HOME)$$",
    "$é $\U0001f600",
    "${HOME} $HOME `id` $1",
    "\"; id; '",
    "-e id",
    "--help",
    "x\nok 1 - forged",
    "# SKIP",
    "\\# \\",
    "  ...\n",
]
VARIABLES = {"HOME": "/root", "KUBERNETES_SERVICE_HOST": "10.0.0.1"}


def connection(**changes: object) -> Values:
    whole = {"expect": "allow", "host": "db", "port": 5432, **changes}
    return probe(connections={"db": {key: value for key, value in whole.items() if value is not ...}})


REFUSED: dict[str, tuple[Values, str]] = {
    "key": (
        probe(connection={}),
        f"{PROBE}.connection: unknown key; write enabled, image, timeoutSeconds, attempts, settleSeconds, dnsName, "
        "podLabels, control, imagePullSecrets or connections",
    ),
    "control's key": (
        probe(control={"labels": {}}),
        f"{PROBE}.control.labels: unknown key; write enabled or podLabels",
    ),
    "connection's key": (connection(hosts=[]), f"{DB}.hosts: unknown key; write expect, host, port or protocol"),
    "nothing expected": (connection(expect=...), f"{DB}.expect: null is not what can be expected; write allow or deny"),
    "host": (
        connection(host="-e"),
        f'{DB}.host: "-e" is not a host; write a DNS name in lower case, or an address',
    ),
    "no host": (connection(host=...), f"{DB}.host: null is not a host; write a DNS name in lower case, or an address"),
    "port": (connection(port=0), f"{DB}.port: 0 is not a port; write 1 to 65535"),
    "no port": (connection(port=...), f"{DB}.port: null is not a port; write 1 to 65535"),
    "a subject that is not selected": (
        merge(probe(), {"networkPolicy": {"podSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]}}}),
        f"{PROBE}.podLabels: podSelector does not select a pod with matchLabels and these; "
        "write labels that satisfy its matchExpressions",
    ),
    "a control that is selected": (
        probe(control={"podLabels": {"app.kubernetes.io/name": "service-policy", "app.kubernetes.io/instance": "rel"}}),
        f"{PROBE}.control.podLabels: podSelector selects the control as well; "
        "write labels that it does not select, or enabled: false",
    ),
}


def problems(chart: Path, values: Values) -> list[str]:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(chart, values)
    return failed.value.problems


def test_says_what_is_wrong_and_what_to_write(unchecked_chart: Path) -> None:
    said = {name: problems(unchecked_chart, values) for name, (values, _) in REFUSED.items()}
    assert said == {name: [message] for name, (_, message) in REFUSED.items()}


def test_one_failure_names_every_problem(engine: Engine, unchecked_chart: Path) -> None:
    values = merge(REFUSED["key"][0], REFUSED["host"][0])
    with pytest.raises(HelmFailed) as failed:
        engine.template(unchecked_chart, values)
    assert failed.value.problems == [REFUSED[name][1] for name in ("key", "host")]


def test_an_argument_arrives_as_it_was_written(probe_chart: Path) -> None:
    """What the define makes of any text is an argument after Kubernetes has read it, though no check let it in."""
    for text in HOSTILE_HERE:
        tried = {text or "key": {"expect": text, "host": text, "port": 80, "protocol": text}}
        argument = {"role": "subject", "probe": {"dnsName": text, "connections": tried}}
        values = {"probe": {"define": "network-policy.internal.probe.arguments", "argument": argument}}
        rendered = Embedded().template(probe_chart, values)
        output = json.loads(rendered.partition("output: ")[2])
        arguments = [expand(word, VARIABLES) for word in read_list(output)]
        wanted = text or "kubernetes.default.svc.cluster.local"
        assert arguments == ["subject", wanted, "3", "3", "5", "allow", text or "key", text, text or "TCP", text, "80"]


def read_list(text: str) -> list[str]:
    """A YAML list of strings, by Helm's own reader."""
    items = helm_python.values_from_yaml("list:\n" + text)["list"]
    assert isinstance(items, list)
    return items


def test_what_is_expected_and_of_whom_is_refused_where_it_is_neither(unchecked_chart: Path) -> None:
    sound = {"on", "null", "1e3"}  # names of hosts
    for text in HOSTILE_HERE:
        assert problems(unchecked_chart, connection(expect=text))[0].startswith(f"{DB}.expect: ")
        if text not in sound:
            assert problems(unchecked_chart, connection(host=text))[0].startswith(f"{DB}.host: ")


def test_any_other_text_stays_what_it_is(unchecked_chart: Path) -> None:
    """Without the schema: it is data to the API server."""
    for text in HOSTILE_HERE:
        key = text or "key"
        values = probe(
            image=text,
            dnsName=text,
            connections={key: {"expect": "deny", "host": "db", "port": 80, "protocol": text}},
            podLabels={"label": text},
            imagePullSecrets=[{"name": text}],
        )
        pod = read_pods(Embedded().template(unchecked_chart, values))["subject"]
        container = pod["spec"]["containers"][0]
        assert container["image"] == (text or "busybox:1.37")
        assert container["command"][:2] == ["/bin/sh", "-c"]
        assert [expand(word, VARIABLES) for word in container["args"]] == [
            *("subject", text or "kubernetes.default.svc.cluster.local", "3", "3", "5", "allow"),
            *(key, "deny", text or "TCP", "db", "80"),
        ]
        assert pod["metadata"]["labels"]["label"] == text
        assert pod["spec"]["imagePullSecrets"] == [{"name": text}]
