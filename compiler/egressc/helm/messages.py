"""What Helm says when it fails, without what is noise to a person: Go's call chains, log lines, advice on flags."""

import re

from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.rendered import failed_render, refused_values, unreadable_values
from egressc.helm.engine import RenderJob
from egressc.source import Source, Span

# Helm writes these around its message, by version [observed on 3.17.2 and 4.1.4].
_LOG_LINE = re.compile(r"^(?:level=[A-Z]+ |coalesce\.go:\d+: |\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ).*\n?", re.MULTILINE)
_ADVICE = "Use --debug flag to render out invalid YAML"
SCHEMA_HEADLINE = "values don't meet the specifications of the schema(s) in the following chart(s):"
# Where a template breaks by itself Helm 3 writes the calls that led there in one line, Helm 4 in three lines each;
# the last one is where it broke.
_BROKEN_TEMPLATE = re.compile(
    r"\A.*(?:\A|\n|template: )(?P<place>\S+:\d+:\d+):?\s+"
    r'executing "[^"]*" at (?P<code><[^\n]*?>):\s+(?P<reason>.*)\Z',
    re.DOTALL,
)
# `fail` and `required` end here; the place is one of the chart's templates, which says nothing to the author of values.
_REFUSAL = re.compile(r"\A.*?execution error at \([^)]*\): (?P<reasons>.*)\Z", re.DOTALL)
_UNREADABLE = re.compile(
    r"\A(?:failed to parse (?P<file>.*?): )?(?:cannot unmarshal yaml document: )?"
    r"error (?:converting YAML to JSON|unmarshaling JSON): (?P<reason>.*)\Z",
    re.DOTALL,
)
_NOT_A_MAPPING = re.compile(r"json: cannot unmarshal (?P<kind>\w+) into Go value")
_LINE = re.compile(r"\A(?:yaml: )?line (?P<number>\d+): ")
# Go's YAML counts these lines from 0, and those of all other problems from 1 [observed on 3.17.2 and 4.1.4].
_COUNTED_FROM_0 = re.compile(r"did not find expected (?:node content|key|',' or|'-' indicator|<)")

# pkg/chart/common/util/release_name: what Helm takes as the name of a release.
_RELEASE_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LONGEST_RELEASE_NAME = 53


def check_release(job: RenderJob) -> Diagnostic | None:
    """EG607 for a name that Helm takes for no release; it never reaches a command line."""
    if len(job.release) <= _LONGEST_RELEASE_NAME and _RELEASE_NAME.fullmatch(job.release):
        return None
    reason = (
        f'"{job.release}" cannot be the name of a release: write at most {_LONGEST_RELEASE_NAME} lower-case letters, '
        'digits, "-" and "."; each component starts and ends with a letter or a digit'
    )
    return failed_render(job.place, reason, service=job.service)


def explain_failure(words: str, job: RenderJob, source: Source | None = None) -> Diagnostic:
    """The diagnostic for what Helm said about a job: EG605, EG606, or EG607 for all that is not about values.

    Args:
        words: Helm's message: the text of the embedded Helm's exception, or what the binary wrote to stderr.
        source: the values file Helm was reading, where that is known.
    """
    said = plain_words(words)
    if unreadable := _UNREADABLE.match(said):
        return explain_unreadable(unreadable["reason"], job, source)
    if said.startswith(SCHEMA_HEADLINE):
        return refused_values(job.place, _schema_problems(said), service=job.service)
    if refusal := _REFUSAL.match(said):
        return refused_values(job.place, refusal["reasons"].strip(), service=job.service)
    if broken := _BROKEN_TEMPLATE.match(said):
        said = f"{broken['place']}, at {broken['code']}: {broken['reason']}"
    return failed_render(job.place, said or "no reason given", service=job.service)


def plain_words(words: str) -> str:
    """What Helm wrote to stderr, without log lines and advice on flags."""
    return _LOG_LINE.sub("", words).strip().removeprefix("Error: ").removesuffix(_ADVICE).strip()


def explain_unreadable(reason: str, job: RenderJob, source: Source | None) -> Diagnostic:
    """EG605 at the line that the reason names, else at the start of the file."""
    if kind := _NOT_A_MAPPING.search(reason):
        reason = f"it is {_with_article(kind['kind'])}, not a mapping"
    place = job.place if source is None else Span(source, 0, 0)
    if source is not None and (line := _LINE.match(reason)):
        reason = reason[line.end() :]
        place = _line_span(source, int(line["number"]) + (1 if _COUNTED_FROM_0.match(reason) else 0))
    return unreadable_values(place, reason.removeprefix("yaml: "), service=job.service)


def explain_second_document(source: Source, offset: int, job: RenderJob) -> Diagnostic:
    """EG605 at the marker of a second YAML document, which Helm 3 forgets and Helm 4 merges."""
    return unreadable_values(
        Span(source, offset, offset + 3), "it has more than one YAML document", service=job.service
    )


def _schema_problems(said: str) -> str:
    """The problems alone, without the headline and the chart's name, reasons below what they are reasons for.

    Sorted: Helm walks the schema in another order each time [observed on 4.1.4].
    """
    lines = [line for line in said.splitlines()[1:] if line.startswith(("- ", " "))]
    return "\n".join(line.removeprefix("- ") for line in _sorted_by_level(lines, 0))


def _sorted_by_level(lines: list[str], indent: int) -> list[str]:
    blocks: list[list[str]] = []
    for line in lines:
        if not blocks or line.startswith(" " * indent + "- "):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    arranged = [[head, *_sorted_by_level(nested, indent + 2)] for head, *nested in blocks]
    return [line for block in sorted(arranged) for line in block]


def _with_article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _line_span(source: Source, number: int) -> Span:
    lines = source.text.rstrip().splitlines(keepends=True)
    # What misses an end is noticed past the last line.
    number = min(number, len(lines))
    start = sum(len(line) for line in lines[: number - 1])
    return Span(source, start, start + len(lines[number - 1].rstrip("\r\n")))
