"""What the compiler writes itself, before it is written: every document of a fleet."""

from collections.abc import Mapping
from typing import Any

from egressc.checks.arithmetic import find_rule_mismatches
from egressc.checks.schema import is_valid


class GeneratedDocuments:
    """Every document is held against the schema. Numbers and networks are compared once a rule.

    Documents share rules, so a rule is known by its identity; each is kept, or another one might get its identity.
    """

    def __init__(self) -> None:
        self._fitting: dict[int, Mapping[str, Any]] = {}

    def takes(self, document: Mapping[str, Any]) -> bool:
        """Whether a document is fit to be written; all of `networkPolicy` but its extra rules is looked at."""
        if not is_valid(document):
            return False
        fitting = self._fitting
        policy = document["networkPolicy"]
        for rule in (policy["dns"], *policy["dependencies"].values()):
            if id(rule) not in fitting:
                if next(find_rule_mismatches(rule, ()), None) is not None:
                    return False
                fitting[id(rule)] = rule
        return True
