"""The compiler's own chart, and as much of it as renders a policy: of its templates two in three do something else.

Helm parses every template of a chart for every render, and what checks the values takes longer than what renders them.
The chart's schema, compiled, `ranges_rise` and `are_for` refuse all that the chart's own checks refuse, by test;
whatever they refuse is rendered by the whole chart, and refused in its words. So the part that renders needs no
template that checks. Nor has it the pods of `helm test`: the few values that ask for them (`wants_probe`) are the whole
chart's as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from egressc.helm.chart import own_chart
from egressc.helm.values import Values

# What renders and checks: not README and LICENSE, nor Chart.yaml, which Helm writes anew when it packages a chart.
_FOLDERS = ("charts/", "templates/")
_VALUES = frozenset(["values.yaml", "values.schema.json"])
_LIBRARY = "charts/network-policy/"
_TEMPLATE = "templates/networkpolicy.yaml"
_CHECKS = ("network-policy.policy.validate", "network-policy.internal.check.service-validate")
_DEFINE = re.compile(r'\{\{- define "(?P<name>[^"]+)" -\}\}.*', re.DOTALL)
_NAMED = re.compile(r'"(network-policy\.[-a-z.]+)"')


def is_own_chart(files: Mapping[str, bytes]) -> bool:
    """Whether a chart, by its packaged files, is the one that this compiler ships, byte for byte."""
    folder = own_chart()
    paths = (path for name in _FOLDERS for path in (folder / name).rglob("*") if path.is_file())
    own = {*(path.relative_to(folder).as_posix() for path in paths), *_VALUES}
    theirs = {path for path in files if path in _VALUES or path.startswith(_FOLDERS)}
    return own == theirs and all(
        (folder / path).read_bytes() == files[path] for path in own if not path.endswith("/Chart.yaml")
    )


def rendering_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Of the files of our own chart those that render a policy of values already checked; the library's in one."""
    defines: dict[str, str] = {}
    for path, data in files.items():
        # Its doc comment stands before a define, and is parsed as well.
        if path.startswith(f"{_LIBRARY}templates/") and (define := _DEFINE.search(data.decode())):
            defines[define["name"]] = define[0]
    for check in _CHECKS:
        defines[check] = f'{{{{- define "{check}" -}}}}{{{{- end -}}}}'
    template = files[_TEMPLATE]
    needed = sorted(_reach(defines, template.decode()))
    return {
        "Chart.yaml": files["Chart.yaml"],
        "values.yaml": files["values.yaml"],
        _TEMPLATE: template,
        "templates/_library.tpl": "\n".join(defines[name] for name in needed).encode(),
    }


def ranges_rise(values: Values) -> bool:
    """Whether every range of ports ends at or behind its start: what the chart checks, and a schema cannot say.

    False as well where that is not known: such values are the whole chart's to judge.
    """
    for port in _ports(values):
        if "endPort" in port:
            start, end = port.get("port"), port["endPort"]
            if not (isinstance(start, int | float) and isinstance(end, int | float) and start <= end):
                return False
    return True


def are_for(values: Values, name: str, namespace: str) -> bool:
    """Whether values are for this release, and say for which pods: what the chart checks, and a schema cannot say."""
    settings = _map(values.get("networkPolicy"))
    release = _map(settings.get("release"))
    return (release.get("name"), release.get("namespace")) == (name, namespace) and bool(settings.get("podSelector"))


def wants_probe(values: Values) -> bool:
    """Whether values ask for the pods of `helm test`, which the part that renders does not have."""
    return bool(_map(_map(values.get("networkPolicy")).get("probe")).get("enabled"))


def _reach(defines: Mapping[str, str], template: str) -> set[str]:
    """The defines that a template names, and those that these name."""
    reached: set[str] = set()
    waiting = [template]
    while waiting:
        new = set(_NAMED.findall(waiting.pop())) & defines.keys() - reached
        reached |= new
        waiting += [defines[name] for name in new]
    return reached


def _ports(values: Values) -> Iterator[Values]:
    settings = _map(values.get("networkPolicy"))
    dependencies = _map(settings.get("dependencies")).values()
    for rule in (settings.get("dns"), *dependencies, *_list(settings.get("egress"))):
        for port in _list(_map(rule).get("ports")):
            yield _map(port)


def _map(value: object) -> Values:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
