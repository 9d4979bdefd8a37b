"""Changes as a comment on a pull request: counts first, internet egress plain, everything else folded away."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from egressc.diagnostics.phrases import say_count
from egressc.renderers.changes import ChangedFlow, ChangedWorkloads, ChangeReport, ServiceChange, ServiceFlow, listed
from egressc.renderers.markdown import cell

# A comment on GitHub holds 65,536 characters.
LIMIT = 65_536
_MOST_ROWS = 60
_FOLD_END = "\n</details>\n"
_CUT = "\n**Cut here: a comment holds 65,536 characters. `egressc diff` shows everything.**\n"


def render_markdown(reports: Sequence[ChangeReport], marker: str = "") -> str:
    """A comment within the limit of GitHub; a report for each environment.

    `marker`: a name that the first line holds, invisible: a job finds its comment by this line, to replace it.
    """
    head = f"<!-- egressc diff: {quote(marker, errors='surrogateescape')} -->\n" if marker else ""
    return _within_limit(head + "\n".join("".join(_sections(it)) for it in reports))


def _within_limit(text: str) -> str:
    """The lines of a text for which there is room, each of them whole; with a sentence about it if it is cut."""
    # In units of UTF-16: no way of counting characters finds more.
    if len(text.encode("utf-16-le")) // 2 <= LIMIT:
        return text
    room = 2 * (LIMIT - len(_FOLD_END) - len(_CUT))
    kept = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
    kept = kept[: kept.rfind("\n") + 1]
    is_folded = kept.count("<details") > kept.count("</details>")
    return f"{kept}{_FOLD_END if is_folded else ''}{_CUT}"


def _sections(report: ChangeReport) -> list[str]:
    sides = f'From "{cell(report.old)}" to "{cell(report.new)}".'
    parts = [f"### Flows: {report.summary()}\n\n{sides}\n"]
    internet = report.internet()
    if internet:
        flows = [f"- **{cell(service)} → {cell(target)}** on {cell(ports)}\n" for service, target, ports in internet]
        parts.append(f"\n**Opens the internet: {say_count(len(internet), 'flow')}**\n\n{''.join(_cut(flows))}")
    if report.guardrails:
        rows = [
            _joined([cell(it.name), it.kind, f"**{it.effect}**", cell(listed(it.parts(), "; "))])
            for it in report.guardrails
        ]
        title = f"{say_count(len(rows), 'changed guardrail')}"
        parts.append(_folded(title, _GUARDRAILS, rows, is_open=True))
    for kind in ("added", "removed", "changed"):
        found = report.of_kind(kind)
        if found:
            rows = [_row(flow) for flow in found]
            heads = _CHANGED if kind == "changed" else _ADDED if kind == "added" else _REMOVED
            parts.append(_folded(f"{say_count(len(found), 'flow')} {kind}", heads, rows, is_open=kind != "removed"))
    for whole in report.whole:
        if whole.changes:
            is_open = any(it.is_wider for it in whole.changes)
            heads = _NAMESPACES if whole.is_of_namespaces else _SERVICES
            parts.append(_folded(whole.title, heads, list(_rows(whole.changes)), is_open=is_open))
    if report.workloads is not None:
        parts += _workloads(report.workloads)
    return parts


_ADDED = ("Service", "Destination", "Ports", "Now allowed, for example", "Asked for in")
_REMOVED = ("Service", "Destination", "Ports", "Now denied, for example", "Was asked for in")
_CHANGED = ("Service", "Destination", "Was", "Is", "Effect", "For example", "Asked for in")
_GUARDRAILS = ("Guardrail", "Change", "Effect", "What it denies")
_CONNECTIONS = ("From", "To", "Was", "Is", "Effect")
_SERVICES = ("Service", "Destination", "Ports", "Effect", "Asked for in")
_NAMESPACES = ("Namespace policy", *_SERVICES[1:])


def _workloads(workloads: ChangedWorkloads) -> Iterator[str]:
    for word, some in (("New", workloads.new), ("Gone", workloads.gone)):
        if some:
            yield f"\n{word} workloads: {cell(', '.join(some))}.\n"
    if workloads.connections:
        rows = [
            _joined(
                [
                    cell(it.source),
                    cell(it.destination) + (" **internet**" if it.opens_internet else ""),
                    cell(it.was) or "none",
                    cell(it.now) or "none",
                    it.effect,
                ]
            )
            for it in workloads.connections
        ]
        title = f"{say_count(len(rows), 'connection')} of workloads"
        is_open = any(it.effect != "narrower" for it in workloads.connections)
        yield _folded(title, _CONNECTIONS, rows, is_open=is_open)


def _folded(title: str, heads: Sequence[str], rows: list[str], *, is_open: bool = False) -> str:
    table = f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n{''.join(_cut(rows))}"
    return f"\n<details{' open' if is_open else ''}><summary>{title}</summary>\n\n{table}{_FOLD_END}"


def _cut(rows: list[str]) -> list[str]:
    if len(rows) <= _MOST_ROWS:
        return rows
    rest = f"{len(rows) - _MOST_ROWS} more: see `egressc diff`"
    return [*rows[:_MOST_ROWS], f"| {rest} |\n" if rows[0].startswith("|") else f"- {rest}\n"]


def _row(flow: ChangedFlow) -> str:
    target = cell(flow.destination) + (" **internet**" if flow.opens_internet else "")
    if flow.kind == "changed":
        example = flow.opens_example or flow.closes_example
        middle = [
            cell(flow.was) or "none",
            cell(flow.now) or "none",
            f"**{flow.effect}**: {cell(_effect(flow))}",
            cell(example),
        ]
    else:
        middle = [cell(flow.now or flow.was), cell(flow.opens_example or flow.closes_example)]
    places = flow.asked_in or flow.asked_before
    reason = f"; approximate: {cell(flow.reason)}" if flow.reason else ""
    middle[-1] += reason
    return _joined([cell(flow.service_name), target, *middle, cell(", ".join(places))])


def _rows(services: Sequence[ServiceChange]) -> Iterator[str]:
    for service in services:
        heads = [f"**{cell(service.name)}**", f"{cell(service.pods)}: {cell(service.note)}", ""]
        yield _joined([*heads, _shown(service), cell(", ".join(service.asked_in))])
        for flow in service.flows:
            target = cell(flow.destination) + (" **internet**" if flow.opens_internet else "")
            reason = f"; approximate: {cell(flow.reason)}" if flow.reason else ""
            heads = [cell(service.name), target, cell(flow.ports)]
            yield _joined([*heads, _shown(flow) + reason, cell(", ".join(flow.asked_in))])


def _joined(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _shown(change: ServiceChange | ServiceFlow) -> str:
    """What opens and closes, with one connection that shows it."""
    example = change.opens_example or change.closes_example
    return cell(f"{_effect(change)}; for example {example}") if example else ""


def _effect(change: ChangedFlow | ServiceChange | ServiceFlow) -> str:
    return "; ".join(
        [f"opens {listed(change.opens)}"] * bool(change.opens)
        + [f"closes {listed(change.closes)}"] * bool(change.closes)
    )
