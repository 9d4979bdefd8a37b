"""Rules that several services of a batch ask for, rendered once for all of them.

Most services of a fleet reach the same few things. In a batch of our own chart a dependency is the number of its rule
in a list of the different ones, whose texts are rendered first; the library's template for a rule then gives that text.
"""

import marshal
from collections.abc import Iterable, Mapping

from egressc.helm.values import Values

_RULE = "network-policy.internal.render.dependency-rule"
_RENDERED_ONCE = "egressc.rule"

# Template code of the fleet chart: before all releases, and before each.
BEFORE_ALL = f'{{{{ range .Values.rules }}}}{{{{ $_ := set . "text" (include "{_RENDERED_ONCE}" .) }}}}{{{{ end }}}}'
BEFORE_EACH = (
    "{{ $dependencies := (.values.networkPolicy | default dict).dependencies }}"
    "{{ range $key, $number := $dependencies }}"
    "{{ $_ := set $dependencies $key (index $.Values.rules (int $number)) }}{{ end }}"
)


def sharing_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files of our own chart, its template for a rule giving the text that is there already."""
    whole, shared = f'define "{_RULE}"'.encode(), f'{{{{ define "{_RULE}" }}}}{{{{ .dependency.text }}}}{{{{ end }}}}'
    return {
        path: data.replace(whole, f'define "{_RENDERED_ONCE}"'.encode()) + shared.encode() if whole in data else data
        for path, data in files.items()
    }


class SharedRules:
    """The different rules of a batch, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, bytes], int] = {}
        self.rules: list[Values] = []

    def share(self, values: Values) -> Values:
        """Values that our own chart accepts, with the number of its rule for each dependency; dropped ones left out.

        So is the probe: it is off in them, and its defaults would be handed to Helm once a service.
        """
        settings = values.get("networkPolicy")
        if not isinstance(settings, Mapping):
            return values
        numbers = dict(self._number(settings.get("dependencies") or {}))
        kept = {key: value for key, value in settings.items() if key != "probe"}
        return {**values, "networkPolicy": {**kept, "dependencies": numbers}}

    def _number(self, dependencies: Mapping[str, object]) -> Iterable[tuple[str, int]]:
        for key, dependency in dependencies.items():
            if dependency is not None:
                # By its content, for what was read from files has no object in common; version 2 writes nothing else.
                known = (key, marshal.dumps(dependency, 2))  # type: ignore[arg-type]  # values are JSON
                if (number := self._numbers.get(known)) is None:
                    number = self._numbers[known] = len(self.rules)
                    self.rules.append({"key": key, "dependency": dependency})
                yield key, number
