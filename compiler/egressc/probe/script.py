"""The probing of one service as a shell script: from the sources alone, with pods found when it runs."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Final

from egressc.cluster.probing import CONTROL, SUBJECT, PodOwner, ProbePod, make_pods
from egressc.diagnostics.core import Report
from egressc.diagnostics.live import probe_not_run
from egressc.dialects.reading import readers
from egressc.model.dialects import DIALECTS
from egressc.model.flows import PodClass, Policy
from egressc.model.policy import Protocol
from egressc.model.ports import say_port
from egressc.probe.findings import row_of
from egressc.probe.plan import ProbePlan, probe_settings, told_api_server
from egressc.probe.run import CHART_HELP, render_pods
from egressc.project.known import known_of_own
from egressc.renderers.probe_script import Script, ScriptAsk, ScriptGrant, ScriptHost, Templates, render_probe_script
from egressc.source import Source
from egressc.verify.explanation.ends import Surroundings, pod_of
from egressc.verify.manifests.reader import read_manifests
from egressc.verify.probing.choice import Scene, otherwise, with_own_keys
from egressc.verify.probing.connections import Expect, ProbeCase, ProbeConnection
from egressc.verify.probing.guards import deny_guarded
from egressc.verify.probing.outcomes import IN_WORDS
from egressc.verify.probing.queries import say_places, say_query

# As long as what the script puts in its place: hours, minutes, seconds, and a process.
RUN: Final = "@RUN-OF-PROBE@"
_UID: Final = "@UID@"
_CONNECTIONS: Final = "@CONNECTIONS@"
# How many destinations a script looks for, for each denial that it is to try: some do not run.
_CANDIDATES: Final = 3
# How many arguments a pod has before those of its connections.
_HEAD: Final = 6


def script_of(
    plan: ProbePlan, image: str | None, most: int, seconds: int, report: Report, *, strict: bool = False
) -> str | None:
    """The script; None once it is reported (EG606, EG607, EG660) that the chart does not render its pods."""
    service = plan.service
    scene = Scene(plan.judge, plan.subject, ())
    guards, uncertain = deny_guarded(scene, told_api_server(plan), service.origin)
    guards = guards[:most]
    left = most - len(guards)
    asked = [it for it in plan.allowed if it.pods or it.outside]
    asked += [it for it in plan.denied if _may_be_denied(it, scene, plan)][: left * _CANDIDATES]
    known = [*guards, *plan.named]
    asked, known = with_own_keys(asked), with_own_keys(known, {it.key for it in asked})
    groups = _Groups()
    asks = [_ask(it, groups) for it in asked]
    grants = list(_grants(groups, scene)) if left else []
    counted = _as_many(len(plan.allowed) + left + len(known))
    text = render_pods(plan, {**probe_settings(service, image), "connections": counted}, report)
    if text is None:
        return None
    policy = _policy(plan, text)
    pods = {pod.role: pod for pod in _make(plan, text, policy)} if policy is not None else {}
    if pods.keys() != {SUBJECT, CONTROL} or policy is None:
        report.add(probe_not_run(service.origin, "the chart renders no pods for it", CHART_HELP, service=service.id))
        return None
    skipped = [(f"{it.expect} {it.name} {say_port(it.port)}", it.reason) for it in uncertain]
    skipped += [
        (f"allow {it.key}: {it.name} ({row_of(it.place)})", "its addresses are networks, so there is no address to try")
        for it in plan.allowed
        if not it.pods and not it.outside
    ]
    folder = files("egressc.renderers")
    templates = Templates(*(folder.joinpath(f"probe_script.{it}").read_text("utf-8") for it in ("sh", "awk")))
    script = Script(
        service=service.id,
        namespace=service.namespace,
        kind=policy.kind.lower(),
        policy=policy.name,
        sources=", ".join(it.value for it in plan.compiled.workspace.project.sources),
        timeout_seconds=seconds,
        most_denied=left,
        strict=strict,
        lookup=plan.lookup.value,
        groups=groups.queries(),
        grants=grants,
        asks=asks,
        hosts=[_host(it) for it in known],
        skipped=skipped,
        control=_open(pods[CONTROL]),
        subject=_open(pods[SUBJECT]),
        control_name=pods[CONTROL].name,
        subject_name=pods[SUBJECT].name,
        reasons={reason.value: words for reason, words in IN_WORDS.items()},
    )
    return render_probe_script(script, templates)


class _Groups:
    """Classes of pods, each looked for once; numbers count from 1."""

    def __init__(self) -> None:
        self._numbers: dict[PodClass, int] = {}

    def numbers(self, pods: Iterable[PodClass]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._numbers.setdefault(one, len(self._numbers) + 1) for one in pods))

    def queries(self) -> list[tuple[str, str]]:
        return [(say_places(one.namespaces), say_query(one.pods)) for one in self._numbers]


def _ask(ask: ProbeCase, groups: _Groups) -> ScriptAsk:
    denied = ask.expect is Expect.DENY
    port = "*" if ask.port.port is None else str(ask.port.port)
    number = otherwise(ask)
    return ScriptAsk(
        ask.key,
        ask.expect.value,
        ask.port.protocol.value,
        f"{port}-{ask.port.end_port}" if ask.port.end_port else port,
        "" if number is None else str(number),
        ask.must_declare,
        ask.outside[0] if ask.outside else "",
        ask.name if denied else f"{ask.name} ({row_of(ask.place)})",
        groups.numbers(ask.pods),
    )


def _grants(groups: _Groups, scene: Scene) -> Iterator[ScriptGrant]:
    """What every rule lets the subject reach, DNS and extra rules included."""
    for policy in scene.judge.policies_of(scene.subject):
        for rule in policy.egress or ():
            for protocol in Protocol if rule.pods else ():
                numbers, names = rule.ports.of(protocol)
                ports = [str(first) if first == last else f"{first}-{last}" for first, last in numbers]
                if ports or names:
                    yield ScriptGrant(groups.numbers(rule.pods), protocol.value, (*ports, *sorted(names)))


def _may_be_denied(ask: ProbeCase, scene: Scene, plan: ProbePlan) -> bool:
    """Whether a pod with no more labels than it has to have is denied."""
    label = plan.compiled.workspace.project.cluster.namespace_key
    ends = [pod_of(one, Surroundings(label, {}, (), ())) for one in ask.pods]
    port = ask.port.port
    return not isinstance(port, int) or any(scene.denies(end, ask.port.protocol, port) for end in ends)


def _host(connection: ProbeConnection) -> ScriptHost:
    it = connection
    return ScriptHost(it.key, it.expect.value, it.protocol.value, it.host, it.port, it.name)


def _as_many(count: int) -> Mapping[str, object]:
    """Connections to stand in for as many as there may be: the chart gives the pods time for each."""
    return {f"c{number}": {"expect": "allow", "host": "localhost", "port": 1} for number in range(max(count, 1))}


def _make(plan: ProbePlan, text: str, policy: Policy) -> list[ProbePod]:
    version = next(version for version, kind in readers() if kind == policy.kind)
    owner = PodOwner(version, policy.kind, policy.name, _UID)
    return make_pods(text, plan.service.id, plan.service.namespace, owner, RUN)


def _policy(plan: ProbePlan, text: str) -> Policy | None:
    """The policy of the service, and not the one of its extra rules, which can be of another kind."""
    cluster, home = plan.compiled.workspace.project.cluster, plan.service.namespace
    rendered = [Source("rendered", text)]
    read = read_manifests(rendered, Report(), default_namespace=home, known=known_of_own(plan.compiled))
    kind = DIALECTS[cluster.dialect].kind
    return next((it for it in read.policies if it.egress is not None and it.kind == kind), None)


def _open(pod: ProbePod) -> Mapping[str, object]:
    """The manifest, with a mark in the place of its connections."""
    spec = pod.manifest["spec"]
    (container,) = spec["containers"]
    arguments = [*container["args"][:_HEAD], _CONNECTIONS]
    return {**pod.manifest, "spec": {**spec, "containers": [{**container, "args": arguments}]}}
