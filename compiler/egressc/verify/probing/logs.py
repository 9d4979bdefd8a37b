"""The log of a probing pod, TAP 14 as the chart's define `network-policy.probe` writes it.

The first test is DNS; each further one has a YAML block that says which connection it is and what was observed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from egressc.verify.probing.outcomes import Observed

_PLAN = re.compile(r"1\.\.(\d+)\s*\Z")
_TEST = re.compile(r"(?P<not>not )?ok (?P<number>\d+)\b(?: - (?P<words>.*))?\Z")
_MEMBER = re.compile(r"  (?P<name>[a-z]+): *(?P<value>.*?) *\Z")
_DNS = "DNS: "
_WORDS = {word.value: word for word in Observed if word is not Observed.UNSEEN}


@dataclass(frozen=True, slots=True)
class ProbeLog:
    """What one pod saw: `dns` None where the log does not say; `is_whole`: it holds every test that it planned."""

    dns: bool | None
    observed: Mapping[str, Observed]
    is_whole: bool

    def of(self, key: str) -> Observed:
        return self.observed.get(key, Observed.UNSEEN)

    @property
    def has_answers(self) -> bool:
        return Observed.ANSWERED in self.observed.values()


def read_log(text: str) -> ProbeLog:
    """What a log says; lines that are no part of the form are passed over, and so is all that they would say."""
    planned, tests = -1, 0
    dns: bool | None = None
    observed: dict[str, Observed] = {}
    block: dict[str, str] | None = None
    for line in text.splitlines():
        if block is not None:
            if line == "  ...":
                word = _WORDS.get(block.get("observed", ""))
                if word is not None and "key" in block:
                    observed[block["key"]] = word
                block = None
            elif member := _MEMBER.match(line):
                block[member["name"]] = member["value"]
        elif line == "  ---":
            block = {}
        elif plan := _PLAN.match(line):
            planned = int(plan[1])
        elif test := _TEST.match(line):
            tests += 1
            if (test["words"] or "").startswith(_DNS):
                # The policy of a service without DNS may still open it: the chart fails on neither, and skips this.
                dns = test["not"] is None and " # SKIP " not in test["words"]
    return ProbeLog(dns, observed, planned == tests)
