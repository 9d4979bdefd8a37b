"""What leaves the cluster as one HTML page without a script; see `flow_page` for what pages admit."""

from collections.abc import Sequence

from egressc.diagnostics.phrases import say_count
from egressc.renderers.audit import TITLES, AuditFlow, AuditReport
from egressc.renderers.html import as_text, content_policy, fill_page, page_part

_SHOWN_AT_ONCE = 12
_HEADS = ("Service", "Destination", "Ports", *TITLES.values(), "Class", "Purpose", "Asked for in")


def render_page(report: AuditReport, *, tool_version: str) -> str:
    style = f"{page_part('page.css')}{page_part('audit.css')}"
    parts = {
        "policy": content_policy(style),
        "style": style,
        "subject": "What leaves the cluster",
        "table": "flows",
        "version": as_text(tool_version),
        "origin": as_text(f"{report.checkout}: {report.title}" if report.checkout else report.title),
        "summary": as_text(report.summary()),
        "groups": "".join(_groups(report, key, title) for key, title in TITLES.items()),
        "heads": "".join(f'<th scope="col">{head}</th>' for head in _HEADS),
        "rows": "".join(map(_row, report.flows)),
    }
    return fill_page("audit.html", parts)


def _groups(report: AuditReport, key: str, title: str) -> str:
    rows = "".join(
        f'<tr><th scope="row">{as_text(it.value)}</th><td>{it.services}</td><td>{it.flows}</td>'
        f"<td>{_names(it.destinations)}</td></tr>\n"
        for it in report.groups(key)
    )
    return (
        f'<table><caption>By {key}</caption><thead><tr><th scope="col">{title}</th><th scope="col">Services</th>'
        f'<th scope="col">Flows</th><th scope="col">Destinations</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n'
    )


def _names(names: Sequence[str]) -> str:
    said = ", ".join(map(as_text, names))
    if len(names) <= _SHOWN_AT_ONCE:
        return said
    return f"<details><summary>{say_count(len(names), 'destination')}</summary>{said}</details>"


def _row(flow: AuditFlow) -> str:
    internet = ' <strong class="tag internet">internet</strong>' if flow.is_internet else ""
    cells = (
        f"{as_text(flow.destination_name)}{internet}{_small(flow.reaches)}",
        as_text(flow.ports),
        *(as_text(flow.say(key)) for key in TITLES),
        f"{as_text(flow.flow_class)}{_small(flow.reason)}{''.join(map(_broken, flow.breaks))}",
        as_text(flow.purpose),
        "<br>".join(map(as_text, flow.asked_in)),
    )
    columns = "".join(f'<td data-head="{head}">{text}</td>' for head, text in zip(_HEADS[1:], cells, strict=True))
    return f'<tr><th scope="row">{as_text(flow.service_name)}{_small(flow.namespace)}</th>{columns}</tr>\n'


def _broken(rule: str) -> str:
    return f'<small class="broken">breaks {as_text(rule)}</small>'


def _small(text: str) -> str:
    return f"<small>{as_text(text)}</small>" if text else ""
