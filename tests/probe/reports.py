"""What the script writes, read strictly: TAP 14 with a YAML block for each connection."""

import re
from dataclasses import dataclass

import yaml

# A blank and `#` start a directive: no description may hold them.
TEST = re.compile(r"(?P<state>ok|not ok) (?P<number>\d+) - (?P<words>[^#\n]+?)(?: # SKIP (?P<skip>[^#\n]+))?")


@dataclass(frozen=True)
class Line:
    """One test. `state`: ok, not ok, or skip."""

    state: str
    words: str
    skip: str | None
    observed: str
    attempts: int
    message: str


def read_report(text: str) -> dict[str, Line]:
    """The tests by the key of their connection, that of DNS by ""; every line of the text has to be one of TAP's."""
    lines = text.splitlines()
    assert lines.pop(0) == "TAP version 14"
    plan = lines.pop(0)
    found: dict[str, Line] = {}
    for number in range(1, int(plan.removeprefix("1..")) + 1):
        test = TEST.fullmatch(lines.pop(0))
        assert test is not None
        assert int(test["number"]) == number
        block: list[str] = []
        if number > 1:
            assert lines.pop(0) == "  ---"
            while (line := lines.pop(0)) != "  ...":
                block.append(line)
        members = yaml.safe_load("\n".join(block)) or {}
        state = "skip" if test["skip"] else test["state"]
        found[members.get("key", "")] = Line(
            state,
            test["words"],
            test["skip"],
            members.get("observed", ""),
            members.get("attempts", 0),
            members.get("message", ""),
        )
    assert lines == []
    return found
