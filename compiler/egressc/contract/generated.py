"""What the compiler writes itself, before it is written: every document of a fleet."""

from collections.abc import Mapping
from typing import Any, Final

from egressc.contract.arithmetic import find_rule_mismatches
from egressc.contract.validation import is_valid

# Stands for the DNS rule among dependencies: none of them has an empty key.
_DNS: Final = ""


class GeneratedDocuments:
    """Holds every document against the schema, and numbers and networks against each other.

    Documents share rules: 10,000 services have 60,000 dependencies, of which 4,000 differ. Each is looked at in the
    first document that has it, and later documents without it, in a third of the time. No verdict changes: the schema
    judges every dependency alone, by its key and its value, and does not count them. A rule is known by its key and
    its identity; each is kept, or another one might get its identity.
    """

    def __init__(self) -> None:
        self._fitting: dict[tuple[str, int], Mapping[str, Any]] = {}

    def takes(self, document: Mapping[str, Any]) -> bool:
        """Whether a document is fit to be written; all of `networkPolicy` but its extra rules is looked at."""
        policy = document["networkPolicy"]
        dependencies = policy["dependencies"]
        if not isinstance(dependencies, dict):
            return False
        fitting = self._fitting
        new = {key: rule for key, rule in dependencies.items() if (key, id(rule)) not in fitting}
        if not is_valid({**document, "networkPolicy": {**policy, "dependencies": new}}):
            return False
        if (_DNS, id(policy["dns"])) not in fitting:
            new[_DNS] = policy["dns"]
        for key, rule in new.items():
            if next(find_rule_mismatches(rule, ()), None) is not None:
                return False
            fitting[key, id(rule)] = rule
        return True
