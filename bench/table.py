"""Measurements as a Markdown table: what was measured, against what, the ratio and the one to reach."""

from collections.abc import Iterable
from typing import NamedTuple


class Measurement(NamedTuple):
    """`ratio` is what counts; `target` says which values are good, such as "<= 4" or ">= 15", or is empty."""

    job: str
    measured: str
    against: str
    ratio: float
    target: str = ""

    @property
    def is_reached(self) -> bool:
        if not self.target:
            return True
        sign, limit = self.target.split()
        return self.ratio <= float(limit) if sign == "<=" else self.ratio >= float(limit)


def render_table(measurements: Iterable[Measurement]) -> str:
    lines = ["| job | measured | against | ratio | to reach | |", "|---|---|---|---|---|---|"]
    for each in measurements:
        verdict = "" if not each.target else "reached" if each.is_reached else "missed"
        lines.append(
            f"| {each.job} | {each.measured} | {each.against} | {each.ratio:.2f} | {each.target} | {verdict} |"
        )
    return "\n".join(lines) + "\n"
