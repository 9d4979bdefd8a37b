"""What is missing as YAML to complete, all of it in comments: one `#` before what is proposed, `##` before remarks."""

from collections.abc import Iterable, Iterator, Sequence

from egressc.emit.scalars import comment, flow_scalar
from egressc.missing.needs import Need

HOW_TO = (
    '## Below, lines with one # are proposals. Complete what is in <...>, and remove the "# " before each line'
    " that holds.\n## Lines with ## are remarks.\n"
)


def part(file: str, text: str) -> str:
    """A text under the name of its file; empty for an empty one."""
    return f"\n## ----- For {comment(file)}\n{text}" if text else ""


def propose(depth: int, line: str) -> str:
    return f"# {'  ' * depth}{line}\n"


def remark(depth: int, text: str) -> str:
    return f"## {'  ' * depth}{comment(text)}\n"


def flow(texts: Iterable[str]) -> str:
    """A list in one line."""
    return f"[{', '.join(map(flow_scalar, texts))}]"


def where(needs: Sequence[Need]) -> str:
    """The first place, and how many more there are."""
    first = min(needs, key=lambda it: it.place.order)
    more = max(need.places for need in needs) - 1
    at = f"{first.place.source.name}:{first.place.line}"
    return f"{at} and {more} more" if more else at


def grouped(needs: Iterable[Need], heading: bool = False) -> Iterator[tuple[str, list[Need]]]:
    """Needs by name, or by the heading of their table, in the order in which they come."""
    held: dict[str, list[Need]] = {}
    for need in needs:
        held.setdefault(need.missing.heading if heading else need.missing.name, []).append(need)
    yield from held.items()
