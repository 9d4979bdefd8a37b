"""An existing values file and the new generated part: what the file should say now, and whether it may.

The generated part ends with the extras line; everything behind that line is the operator's and kept byte for byte.
The digests of its entries tell a change by hand from an older compile, and from what Git merged of two; an entry that
is missing is written again. What a checkout does to line ends is no change: a file whose generated part ends its lines
with CRLF keeps them, and a byte order mark is dropped.

Source: docs/values-files.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import (
    edited_values,
    foreign_values,
    merge_conflict,
    missing_extras_line,
    missing_values,
    outdated_values,
    pruned_extras,
    stale_values,
)
from egressc.emit.difference import compare
from egressc.emit.entries import DIGEST_PREFIX, digest, effective_lines
from egressc.emit.values import BARE_LINES, DEFAULT_EXTRAS, EXTRAS_LINE, EXTRAS_PREFIX, ServiceValues
from egressc.source import Source, Span

_DIGEST = re.compile(f"^ *{re.escape(DIGEST_PREFIX)}([0-9a-f]+)\r?\n", re.MULTILINE)
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|>{7}) .*$", re.MULTILINE)
# What Git writes of two branches, and of what they come from where it is asked to.
_HUNK = re.compile(r"^<{7} [^\n]*\n(.*?)(?:^\|{7}[^\n]*\n.*?)?^={7}\r?\n(.*?)^>{7} [^\n]*\n", re.MULTILINE | re.DOTALL)
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Recompiled:
    """What the values folder should hold: the whole text of each file by name, and the files to remove.

    `stale`: names of generated files whose service has left the sources and that stay for now.
    """

    contents: Mapping[str, str]
    removals: tuple[str, ...]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """A values file, cut behind its extras line."""

    generated: str
    extras: str

    @property
    def is_intact(self) -> bool:
        return _are_entries(self.generated)

    @property
    def has_extras(self) -> bool:
        return self.extras.strip() not in ("", *(it.strip() for it in DEFAULT_EXTRAS.values()))


def recompile(
    values: Sequence[ServiceValues],
    existing: Mapping[str, Source],
    report: Report,
    *,
    discard_edits: bool = False,
    prune: bool = False,
) -> Recompiled:
    """Join the new generated parts with the files of the values folder, given by file name.

    Reports EG501 to EG506. After an error the contents are not to be written.

    Args:
        discard_edits: overwrite a generated part that was changed by hand, instead of refusing it.
        prune: remove generated files of services that have left the sources, unless changed by hand.
    """
    contents: dict[str, str] = {}
    for service in values:
        file_name = service.file_name
        text = merge_values(service, existing.get(file_name), report, discard_edits=discard_edits)
        if text is not None:
            contents[file_name] = text
    removals: list[str] = []
    stale: list[str] = []
    for file_name in sorted(existing.keys() - {service.file_name for service in values}):
        file = existing[file_name]
        parts = _cut(file.text)
        if parts is None:
            continue  # no work of egressc
        if prune and parts.is_intact:
            removals.append(file_name)
            _report_pruned(file, parts, _service_of(file_name), report)
        else:
            stale.append(file_name)
            _report_stale(file, parts, _service_of(file_name), report)
    return Recompiled(contents, tuple(removals), tuple(stale))


def merge_values(
    values: ServiceValues, existing: Source | None, report: Report, *, discard_edits: bool = False
) -> str | None:
    """The whole text that the service's file should have; None once it is reported why there is none."""
    if existing is None or not existing.text:
        return values.new_text
    text = existing.text
    if text == values.new_text:
        return text
    marks = _conflict_marks(text)
    if marks:
        # Above the extras line nothing is at stake that nobody edited: the sources say what is to be there.
        end = text.find("\n" + EXTRAS_PREFIX) + 1
        if not (marks[-1].end() <= end and (discard_edits or all(_are_entries(side) for side in _sides(text[:end])))):
            report.add(merge_conflict(Span(existing, *marks[0].span()), values.service.id))
            return None
        discard_edits = True
    generated = values.generated
    if text.startswith(generated):
        return text
    parts = _cut(text)
    if parts is None:
        if _looks_generated(text):
            report.add(missing_extras_line(_first_line(existing), EXTRAS_LINE, values.service.id))
        else:
            report.add(foreign_values(_first_line(existing), values.service.id))
        return None
    if not (discard_edits or parts.is_intact or effective_lines(parts.generated) == effective_lines(generated)):
        difference = compare(existing, len(parts.generated), generated)
        report.add(edited_values(difference.first, difference.text, values.service.id))
        return None
    return _with_line_ends_of(parts.generated, generated) + parts.extras


def operators_part(text: str) -> str:
    """What is below the extras line of a values file that compile writes, whatever its line ends are."""
    parts = _cut(text)
    assert parts is not None, "compile writes no file without the line"
    return parts.extras


def report_outdated(
    values: Sequence[ServiceValues],
    recompiled: Recompiled,
    existing: Mapping[str, Source],
    folder: str,
    report: Report,
) -> None:
    """Name each file that a compile would write: EG507 where it differs, EG508 where there is none."""
    for service in values:
        file_name = service.file_name
        file = existing.get(file_name)
        if file is None:
            report.add(missing_values(service.service.origin, f"{folder}/{file_name}", service.service.id))
        elif file_name in recompiled.contents and file.text != recompiled.contents[file_name]:
            difference = compare(file, len(file.text), recompiled.contents[file_name])
            report.add(outdated_values(difference.first, difference.text, service.service.id))


def _report_stale(file: Source, parts: _Parts, service: str, report: Report) -> None:
    place = _first_line(file)
    report.add(stale_values(place, has_extras=parts.has_extras, edited=not parts.is_intact, service=service))


def _report_pruned(file: Source, parts: _Parts, service: str, report: Report) -> None:
    if parts.has_extras:
        end = len(file.text)
        report.add(pruned_extras(Span(file, end - len(parts.extras), end), service))


def _service_of(file_name: str) -> str:
    return file_name.removesuffix(".yaml")


def is_generated(text: str) -> bool:
    """Whether a file is the work of a compile, with or without changes by hand."""
    return _cut(text) is not None


def _cut(text: str) -> _Parts | None:
    """None without an extras line, or without the comment that says what wrote the file."""
    mark = text.find("\n" + EXTRAS_PREFIX)
    if mark == -1 or not _looks_generated(text[:mark]):
        return None
    end = text.find("\n", mark + 1) + 1 or len(text)
    return _Parts(text[:end], text[end:])


def _looks_generated(text: str) -> bool:
    return text.removeprefix(_BYTE_ORDER_MARK).startswith("# Generated by `egressc") or DIGEST_PREFIX in text


def _are_entries(generated: str) -> bool:
    """Whether every entry is as its digest says, and nothing is between them."""
    *entries, rest = _DIGEST.split(generated)
    sealed = zip(entries[::2], entries[1::2], strict=True)
    return not _own_lines(rest) and all(digest(_own_lines(entry)) == written for entry, written in sealed)


def _own_lines(text: str) -> list[str]:
    """What has an effect in an entry, without what stands between entries."""
    return [line for line in effective_lines(text) if line not in BARE_LINES]


def _conflict_marks(text: str) -> list[re.Match[str]]:
    # The plain search first: it is what 10,000 files without a conflict pay.
    return list(_CONFLICT.finditer(text)) if "<<<<<<< " in text or ">>>>>>> " in text else []


def _sides(text: str) -> tuple[str, str]:
    """A text with conflicts as either branch has it."""
    return _HUNK.sub(r"\1", text), _HUNK.sub(r"\2", text)


def _with_line_ends_of(old: str, new: str) -> str:
    lines = old.count("\n")
    return new.replace("\n", "\r\n") if lines and old.count("\r\n") == lines else new


def _first_line(file: Source) -> Span:
    end = file.text.find("\n")
    return Span(file, 0, end if end != -1 else len(file.text))
