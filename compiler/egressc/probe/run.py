"""Running the probing pods of one service in its cluster, and what their logs show."""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from egressc.cluster.objects import ObjectKind, ObjectReader
from egressc.cluster.probing import (
    CONTROL,
    SUBJECT,
    Ended,
    Patience,
    PodOwner,
    PodRefused,
    Pods,
    PodsFailed,
    ProbePod,
    make_pods,
    remove_leftovers,
    run_pods,
)
from egressc.diagnostics.core import Report
from egressc.diagnostics.live import probe_not_run
from egressc.diagnostics.phrases import say_count
from egressc.fleet.drift import FOREIGN, MISSING, PENDING, report_drift
from egressc.fleet.fleet import Fleet
from egressc.helm.choose import open_engine
from egressc.helm.engine import EngineError, RenderJob, ValuesFile
from egressc.model.flows import Pod
from egressc.probe.findings import judge_all
from egressc.probe.plan import ProbePlan, connection_settings, probe_settings
from egressc.probe.scene import ClusterView, see_cluster
from egressc.project.refusals import point_at_values
from egressc.project.rendering import chart_of
from egressc.renderers.probes import ProbeReport
from egressc.source import Source
from egressc.verify.explanation.answers import Explanation, Question
from egressc.verify.explanation.explain import Explainer
from egressc.verify.flows.verdicts import Judge
from egressc.verify.probing.connections import ProbeConnection
from egressc.verify.probing.logs import read_log

During = Callable[[str], AbstractContextManager[object]]
"""What shows a person that something takes long, in a sentence."""

_RUN_HELP = "add the permissions that docs/cluster.md lists for `egressc probe`, or another image with `--image`"
CHART_HELP = "add network-policy.probe of the library chart to one of its templates, as in templates/probe.yaml"


def probe_cluster(
    plan: ProbePlan,
    reader: ObjectReader,
    pods: Pods,
    image: str | None,
    most: int,
    patience: Patience,
    report: Report,
    during: During,
) -> ProbeReport | None:
    """Try the connections of a service in its cluster; None once it is reported why that cannot be done.

    Reports EG640 to EG648 on what is installed, and EG658 to EG661. Raises ClusterError, PermissionError.
    """
    service = plan.service

    def fail(reason: str, help: str = _RUN_HELP) -> None:
        report.add(probe_not_run(service.origin, reason, help, service=service.id))

    with during("reading the cluster"):
        seen = see_cluster(plan, reader, most, report)
    if seen is None or not _is_installed(seen.fleet, report):
        return None
    if not seen.connections:
        fail("there is nothing to try", "start a destination, or add one with --allow or --deny HOST:PORT")
        return None
    settings = {**probe_settings(service, image), "connections": connection_settings(seen.connections)}
    text = render_pods(plan, settings, report)
    if text is None:
        return None
    made = _make(plan, text, reader)
    if {pod.role for pod in made} != {SUBJECT, CONTROL}:
        fail("the chart renders no pods for it", CHART_HELP)
        return None
    problem = _not_selected(seen, made)
    if problem:
        fail(problem, "write other labels under podSelector, or under podLabels of networkPolicy.probe, in the values")
        return None
    removed = remove_leftovers(reader, pods, service.namespace, service.id)
    try:
        with during(f"trying {say_count(len(seen.connections), 'connection')} from pods in {service.namespace}"):
            ended = run_pods(pods, made, patience)
    except (PodRefused, PodsFailed) as error:
        fail(str(error))
        return None
    logs = {role: read_log(one.log) for role, one in ended.items()}
    for role, one in ended.items():
        if not logs[role].is_whole:
            fail(_broken_off(role, one))
    judged = judge_all(
        service,
        plan.compiled.policies.dns_of(service).profile,
        plan.lookup,
        seen.connections,
        seen.skipped,
        logs[SUBJECT],
        logs[CONTROL],
        _LivePolicies(plan, seen),
        _isolating(seen, made),
        report,
    )
    return replace(judged, removed=removed)


def render_pods(plan: ProbePlan, settings: Mapping[str, object], report: Report) -> str | None:
    """What the chart renders for the service with these settings of its probe; None once a failure is reported."""
    service = plan.service
    own = plan.compiled.folder.files[plan.values.file_name]
    overlay = Source("egressc probe", json.dumps({"networkPolicy": {"probe": settings}}, indent=1))
    job = RenderJob(service.id, service.namespace, (ValuesFile(own), ValuesFile(overlay)))
    try:
        return open_engine(None).render(chart_of(plan.compiled.workspace), job)
    except EngineError as error:
        report.add(point_at_values(error.diagnostic))
        return None


def _is_installed(fleet: Fleet, report: Report) -> bool:
    """Whether the policy is there and is the release's own; what differs from the sources is reported and tried."""
    state = report_drift(fleet, report)[0]
    return state.live not in (MISSING, FOREIGN) and state.installed not in (PENDING, MISSING)


def _make(plan: ProbePlan, text: str, reader: ObjectReader) -> list[ProbePod]:
    service = plan.service
    return make_pods(text, service.id, service.namespace, _owner(plan, reader), secrets.token_hex(3))


def _owner(plan: ProbePlan, reader: ObjectReader) -> PodOwner | None:
    """The live policy that egressc installed for the service."""
    # A release in the dialect Cilium can also have a NetworkPolicy, with the extra rules alone.
    kinds = (ObjectKind.CILIUM_POLICIES, ObjectKind.POLICIES)
    for policy in (one for kind in kinds for one in reader.within(kind, plan.service.namespace) or ()):
        metadata = policy.get("metadata") or {}
        release = (metadata.get("annotations") or {}).get("meta.helm.sh/release-name")
        if release == plan.service.id and metadata.get("uid"):
            return PodOwner(policy["apiVersion"], policy["kind"], str(metadata["name"]), str(metadata["uid"]))
    return None


def _not_selected(seen: ClusterView, made: list[ProbePod]) -> str:
    """What is wrong where no live policy of the service selects its probing pod; "" where one does."""
    target = next(iter(seen.fleet.targets.values()))
    subject = _pod(seen, next(it for it in made if it.role == SUBJECT))
    selecting = {(it.namespace, it.name) for it in Judge(seen.fleet.found.policies).policies_of(subject)}
    return "" if selecting & set(target.policies) else "its policy does not select the probing pod"


def _isolating(seen: ClusterView, made: list[ProbePod]) -> str:
    """The live policies that isolate the egress of the control pod, by name."""
    control = _pod(seen, next(it for it in made if it.role == CONTROL))
    policies = Judge(seen.fleet.found.policies).policies_of(control)
    return ", ".join(sorted(f"policy {it.title}" for it in policies if it.egress is not None))


def _pod(seen: ClusterView, made: ProbePod) -> Pod:
    labels = {str(key): str(value) for key, value in made.manifest["metadata"]["labels"].items()}
    return Pod(made.namespace, labels, seen.scene.subject.namespace_labels)


def _broken_off(role: str, ended: Ended) -> str:
    words = [it.removeprefix("Bail out!").strip() for it in ended.log.splitlines() if it.startswith("Bail out!")]
    why = "; ".join(words) or ended.reason or "no reason given"
    return f"the {role} pod ended early: {why}"


class _LivePolicies:
    """What the live policies say to a connection of the service's pod."""

    def __init__(self, plan: ProbePlan, seen: ClusterView) -> None:
        found = seen.fleet.found
        asked = plan.compiled.policies
        self._subject = seen.scene.subject
        self._explainer = Explainer(plan.intended, found.policies, found.namespaces, asked, lambda service, path: None)

    def __call__(self, connection: ProbeConnection) -> Explanation | None:
        if connection.end is None:
            return None
        return self._explainer.explain(Question(self._subject, connection.end, connection.protocol, connection.port))
