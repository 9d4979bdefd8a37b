"""Many policies of the compiler's own chart in one render, through the library's `network-policy.policy.batch`.

Helm parses every template of a chart for every render, and the chart's own checks take longer than what renders. The
chart's schema, compiled, and `are_for` refuse all that those checks refuse, by test; whatever they refuse is rendered
by the whole chart, and refused in its words. So are values that ask for pods of `helm test`. What a rule allows of
what a guardrail denies is not asked here: the compiler has checked it.
"""

import json
import marshal
import re
from collections.abc import Iterable, Mapping

from egressc.helm.chart import own_chart
from egressc.helm.values import Values

# What renders and checks: not README and LICENSE, nor Chart.yaml, which Helm writes anew when it packages a chart.
_FOLDERS = ("charts/", "templates/")
_VALUES = frozenset(["values.yaml", "values.schema.json"])
_RENDERING = re.compile(r"charts/network-policy/templates/(policy|internal/([a-z]+/)?render)/")
_CHART_YAML = b"apiVersion: v2\nname: egressc-batch\nversion: 0.0.0\n"
_TEMPLATE = "templates/batch.yaml"
RENDERED = f"egressc-batch/{_TEMPLATE}"
_ONLY_CHECKED = ("guardrails", "namespaceLabels", "probe")


def is_own_chart(files: Mapping[str, bytes]) -> bool:
    """Whether a chart, by its packaged files, is the one that this compiler ships, byte for byte."""
    folder = own_chart()
    paths = (path for name in _FOLDERS for path in (folder / name).rglob("*") if path.is_file())
    own = {*(path.relative_to(folder).as_posix() for path in paths), *_VALUES}
    theirs = {path for path in files if path in _VALUES or path.startswith(_FOLDERS)}
    return own == theirs and all(
        (folder / path).read_bytes() == files[path] for path in own if not path.endswith("/Chart.yaml")
    )


def batch_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A chart that renders batches: the library's templates that render a policy, in one file for Helm to parse."""
    templates = [data for path, data in sorted(files.items()) if _RENDERING.match(path)]
    return {
        "Chart.yaml": _CHART_YAML,
        # Without the comment that is in front of each: Helm parses comments too.
        "templates/_library.tpl": b"".join(data.partition(b"*/}}\n")[2] for data in templates),
        _TEMPLATE: b'{{ include "network-policy.policy.batch" .Values }}',
    }


def batch_values(metadata: Values, releases: Iterable[tuple[str, str, Values]]) -> dict[str, object]:
    """What the batch takes: the content of Chart.yaml, and for each release its name, namespace and accepted values."""
    chart = {"Name": metadata["name"], "Version": metadata["version"], "AppVersion": metadata.get("appVersion", "")}
    shared = SharedRules()
    return {
        "Chart": chart | {"IsRoot": True},
        "releases": [
            {"Values": shared.share(values), "Release": {"Name": name, "Namespace": namespace, "Service": "Helm"}}
            for name, namespace, values in releases
        ],
        "rules": shared.rules,
    }


def split_batch(text: str) -> list[str]:
    """The policies of a batch, empty where one is switched off."""
    return [json.loads(line) for line in text.split("\n")]


class SharedRules:
    """The different rules of a batch: most services of a fleet reach the same few things."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str, bytes], str] = {}
        self.rules: dict[str, Values] = {}

    def share(self, values: Values) -> Values:
        """Values that our own chart accepts, with dependencies and callers by the names of their rules; dropped ones
        are left out.

        So is what only the checks read, and the probe: it is off in them, and its defaults would be handed to Helm
        once a service.
        """
        settings = values.get("networkPolicy")
        if not isinstance(settings, Mapping):
            return values
        kept = {key: value for key, value in settings.items() if key not in _ONLY_CHECKED}
        for named, peers in (("dependencies", "to"), ("callers", "from")):
            kept[named] = dict(self._name(kept.get(named) or {}, peers))
        return {**values, "networkPolicy": kept}

    def _name(self, rules: Mapping[str, object], peers: str) -> Iterable[tuple[str, str]]:
        for key, rule in rules.items():
            if rule is not None:
                # By its content, for what was read from files has no object in common; version 2 writes nothing else.
                known = (key, peers, marshal.dumps(rule, 2))  # type: ignore[arg-type]  # values are JSON
                if (name := self._names.get(known)) is None:
                    name = self._names[known] = str(len(self.rules))
                    self.rules[name] = {"key": key, "rule": rule, "peers": peers}
                yield key, name


def are_for(values: Values, name: str, namespace: str) -> bool:
    """Whether values are for this release, and say for which pods: what the chart checks, and a schema cannot say."""
    settings = _map(values.get("networkPolicy"))
    release = _map(settings.get("release"))
    return (release.get("name"), release.get("namespace")) == (name, namespace) and bool(settings.get("podSelector"))


def wants_probe(values: Values) -> bool:
    """Whether values ask for the pods of `helm test`, which the part that renders does not have."""
    return bool(_map(_map(values.get("networkPolicy")).get("probe")).get("enabled"))


def _map(value: object) -> Values:
    return value if isinstance(value, Mapping) else {}
