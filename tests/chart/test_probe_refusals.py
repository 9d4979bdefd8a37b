"""What of a probe the library refuses without any schema, and in which words; and what no user's text can become."""

import json
from pathlib import Path

import helm_python
import pytest

from chart.test_hostile_strings import HOSTILE
from helm_engines import Embedded, Engine, HelmFailed, Values, merge
from probes.rendered import probe, read_pods
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
    "settings": (
        {"networkPolicy": {"probe": True}},
        f"{PROBE}: true is not a map; write enabled and connections below it",
    ),
    "key": (
        probe(connection={}),
        f"{PROBE}.connection: no such key; write enabled, image, timeoutSeconds, attempts, settleSeconds, dnsName, "
        "podLabels, control, imagePullSecrets or connections",
    ),
    "enabled": (
        {"networkPolicy": {"probe": {"enabled": "true"}}},
        f'{PROBE}.enabled: "true" is neither true nor false; write one of them without quotes',
    ),
    "image": (probe(image="a b"), f'{PROBE}.image: "a b" is not an image; write its name and tag'),
    "timeout": (
        probe(timeoutSeconds=0),
        f"{PROBE}.timeoutSeconds: 0 is not in 1..60; write a whole number without quotes",
    ),
    "attempts": (
        probe(attempts="3"),
        f'{PROBE}.attempts: "3" is not in 1..10; write a whole number without quotes',
    ),
    "half an attempt": (
        probe(attempts=2.5),
        f"{PROBE}.attempts: 2.5 is not in 1..10; write a whole number without quotes",
    ),
    "settling": (
        probe(settleSeconds=301),
        f"{PROBE}.settleSeconds: 301 is not in 0..300; write a whole number without quotes",
    ),
    "DNS name": (probe(dnsName="-x"), f'{PROBE}.dnsName: "-x" is not a DNS name; write one in full'),
    "labels": (probe(podLabels={"a": 1}), f"{PROBE}.podLabels.a: 1 is not a string; write it in quotes"),
    "control": (probe(control=[]), f"{PROBE}.control: [] is not a map; write enabled or podLabels below it"),
    "control's key": (
        probe(control={"labels": {}}),
        f"{PROBE}.control.labels: no such key; write enabled or podLabels",
    ),
    "control's switch": (
        probe(control={"enabled": "no"}),
        f'{PROBE}.control.enabled: "no" is neither true nor false; write one of them without quotes',
    ),
    "control's labels": (
        probe(control={"podLabels": {"a": True}}),
        f"{PROBE}.control.podLabels.a: true is not a string; write it in quotes",
    ),
    "Secrets": (
        probe(imagePullSecrets={"name": "a"}),
        f'{PROBE}.imagePullSecrets: {{"name":"a"}} is not a list; write each Secret after a hyphen',
    ),
    "Secret": (
        probe(imagePullSecrets=[{"name": "a"}, "b"]),
        f'{PROBE}.imagePullSecrets[1]: "b" is not a reference; write name and the name of the Secret',
    ),
    "connections": (
        probe(connections=[]),
        f"{PROBE}.connections: [] is not a map; write a key for each connection, and expect, host and port below it",
    ),
    "connection": (
        probe(connections={"db": "db:1"}),
        f'{DB}: "db:1" is not a map; write expect, host and port below it, or null to drop the connection',
    ),
    "connection's name": (
        probe(connections={"Db": {"expect": "allow", "host": "db", "port": 1}}),
        f'{PROBE}.connections: "Db" is no key of a connection; write lower-case letters, digits and hyphens',
    ),
    "connection's key": (connection(hosts=[]), f"{DB}.hosts: no such key; write expect, host, port or protocol"),
    "nothing expected": (connection(expect=...), f"{DB}.expect: null is not what can be expected; write allow or deny"),
    "host": (
        connection(host="-e"),
        f'{DB}.host: "-e" is not a host; write a DNS name in lower case, or an address',
    ),
    "no host": (connection(host=...), f"{DB}.host: null is not a host; write a DNS name in lower case, or an address"),
    "port": (connection(port=0), f"{DB}.port: 0 is not a port; write 1 to 65535"),
    "no port": (connection(port=...), f"{DB}.port: null is not a port; write 1 to 65535"),
    "port in quotes": (connection(port="80"), f'{DB}.port: "80" is not a port; write 1 to 65535'),
    "protocol": (connection(protocol="tcp"), f'{DB}.protocol: "tcp" is not a protocol; write TCP, UDP or SCTP'),
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


@pytest.mark.parametrize(("values", "message"), REFUSED.values(), ids=REFUSED)
def test_says_what_is_wrong_and_what_to_write(unchecked_chart: Path, values: Values, message: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    assert failed.value.problems == [message]


@pytest.mark.parametrize(("values", "message"), REFUSED.values(), ids=REFUSED)
def test_a_schema_refuses_it_too_or_the_templates_do(plain_chart: Path, values: Values, message: str) -> None:
    with pytest.raises(HelmFailed):
        Embedded().template(plain_chart, values)


def test_one_failure_names_every_problem(engine: Engine, unchecked_chart: Path) -> None:
    values = merge(merge(REFUSED["image"][0], REFUSED["timeout"][0]), REFUSED["host"][0])
    with pytest.raises(HelmFailed) as failed:
        engine.template(unchecked_chart, values)
    assert failed.value.problems == [REFUSED[name][1] for name in ("timeout", "image", "host")]


@pytest.mark.parametrize("text", HOSTILE_HERE, ids=json.dumps)
def test_an_argument_arrives_as_it_was_written(probe_chart: Path, text: str) -> None:
    """What the define makes of any text is an argument after Kubernetes has read it, though no check let it in."""
    tried = {text or "key": {"expect": text, "host": text, "port": 80, "protocol": text}}
    argument = {"role": "subject", "probe": {"dnsName": text, "connections": tried}}
    values = {"probe": {"define": "network-policy.internal.probe.arguments", "argument": argument}}
    rendered = Embedded().template(probe_chart, values)
    output = json.loads(rendered.partition("output: ")[2])
    arguments = [expand(word, VARIABLES) for word in json.loads(read_list(output))]
    wanted = text or "kubernetes.default.svc.cluster.local"
    assert arguments == ["subject", wanted, "3", "3", "5", "allow", text or "key", text, text or "TCP", text, "80"]


def rendered_or_refused(chart: Path, values: Values) -> str | None:
    """The manifests; None where they are refused for one reason, in one line."""
    try:
        return Embedded().template(chart, values)
    except HelmFailed as failed:
        _, *problems = str(failed).split("\n")
        if len(problems) != 1 or not problems[0].startswith(f"{PROBE}."):
            raise
    return None


def read_list(text: str) -> str:
    """A YAML list as JSON, by Helm's own reader."""
    return json.dumps(helm_python.values_from_yaml("list:\n" + text)["list"])


@pytest.mark.parametrize("text", HOSTILE_HERE, ids=json.dumps)
@pytest.mark.parametrize("field", ["image", "dnsName", "key", "host", "expect", "protocol", "label", "secret"])
def test_any_text_is_refused_or_stays_what_it_is(unchecked_chart: Path, field: str, text: str) -> None:
    """Without the schema: what an argument is made of is refused, and the rest is data to the API server."""
    given = {"expect": "deny", "host": "db", "port": 80} | (
        {field: text} if field in ("host", "expect", "protocol") else {}
    )
    values = probe(
        connections={(text if field == "key" else "db"): given},
        podLabels={"label": text} if field == "label" else {},
        imagePullSecrets=[{"name": text}] if field == "secret" else [],
        **({field: text} if field in ("image", "dnsName") else {}),
    )
    if (rendered := rendered_or_refused(unchecked_chart, values)) is None:
        assert field not in ("label", "secret")
        return
    pod = read_pods(rendered)["subject"]
    container = pod["spec"]["containers"][0]
    usual = {"image": "busybox:1.37", "dnsName": "kubernetes.default.svc.cluster.local"}
    assert container["image"] == (text if field == "image" and text else usual["image"])
    assert container["command"][:2] == ["/bin/sh", "-c"]
    assert [expand(word, VARIABLES) for word in container["args"]] == [
        *("subject", (text if field == "dnsName" and text else usual["dnsName"]), "3", "3", "5", "allow"),
        *((text if field == "key" else "db"), "deny", "TCP", (text if field == "host" else "db"), "80"),
    ]
    assert pod["metadata"]["labels"].get("label", text) == text
    assert pod["spec"].get("imagePullSecrets", [{"name": text}]) == [{"name": text}]
