"""What `egressc probe` prints: what came of the connections, a script that tries them, or values for the chart."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from egressc import __version__
from egressc.cluster.api import ApiReader
from egressc.cluster.api_pods import ApiPods
from egressc.cluster.objects import Access, ClusterError
from egressc.cluster.probing import Patience
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import unreachable_cluster
from egressc.diagnostics.phrases import say_count
from egressc.fleet.fleet import open_reader
from egressc.probe.overlay import plan_overlay
from egressc.probe.plan import ProbePlan
from egressc.probe.run import During, probe_cluster
from egressc.probe.script import script_of
from egressc.project.usage import UsageProblem
from egressc.renderers.probes import render_probe_json, render_probe_text
from egressc.renderers.tap import render_tap

_DURATION: Final = re.compile(r"(?=.)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")

Form = Literal["tap", "text", "json", "script", "values"]
"""`script` tries nothing and reads no cluster; `values` are for the chart's own probe, and try nothing either."""


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """`most`: how many connections to try that should be denied. `seconds`: how long to wait for the pods."""

    image: str | None
    most: int
    seconds: int
    strict: bool


def probe_text(
    plan: ProbePlan,
    settings: ProbeSettings,
    form: Form,
    access: Access,
    report: Report,
    during: During,
    say: Callable[[str], None],
) -> str:
    """The text in the form asked for; "" once it is reported why there is none.

    Args:
        say: takes what whoever watches is told meanwhile.
    """
    if form == "script":
        return script_of(plan, settings.image, settings.most, settings.seconds, report, strict=settings.strict) or ""
    reader = open_reader(access, report)
    if reader is None:
        return ""
    try:
        if form == "values":
            with during("reading the cluster"):
                overlay = plan_overlay(plan, reader, settings.image, settings.most, report)
            text, left_out = overlay or ("", [])
            for sentence in left_out:
                say(sentence)
            return text
        return _try(plan, settings, form, reader, report, during, say)
    except ClusterError as error:
        report.add(error.diagnostic)
    except PermissionError as error:
        report.add(unreachable_cluster(whole_file("cluster"), str(error)))
    return ""


def _try(
    plan: ProbePlan,
    settings: ProbeSettings,
    form: Form,
    reader: ApiReader,
    report: Report,
    during: During,
    say: Callable[[str], None],
) -> str:
    say(f"cluster {reader.server}")
    patience = Patience(settings.seconds)
    found = probe_cluster(plan, reader, ApiPods(reader), settings.image, settings.most, patience, report, during)
    if found is None:
        return ""
    if found.removed:
        say(f"removed {say_count(found.removed, 'pod')} of an earlier run")
    if form == "json":
        return render_probe_json(found, tool_version=__version__)
    return render_probe_text(found) if form == "text" else render_tap(found)


def read_duration(text: str) -> int:
    """Seconds. Raises UsageProblem."""
    parts = _DURATION.fullmatch(text)
    units = zip(parts.groups(), (3600, 60, 1), strict=True) if parts else ()
    seconds = sum(int(part or 0) * unit for part, unit in units)
    if not seconds:
        raise UsageProblem(f'--timeout "{text}" is not a duration; write 90s, 5m or 1m30s')
    return seconds
