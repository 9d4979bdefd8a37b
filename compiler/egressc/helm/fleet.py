"""A chart that renders many releases of another chart in one go: each template in the context of each release.

Helm parses all templates for every render, which is most of the time that a small chart takes. The fleet chart pays
that once a batch. It holds the partials and the dependencies of the chart as they are; each template becomes a define
that is included with what Helm would have given it. Its text goes out behind its length, so that nothing in it can
pass for its end.
"""

from collections.abc import Iterator, Mapping, Sequence

from egressc.helm.values import Values

_PREFIX = "egressc.fleet."
_CHART_YAML = b"apiVersion: v2\nname: egressc-fleet\nversion: 0.0.0\n"
# Chart.yaml's keys by the names that templates use; helm's chart.Metadata. A text that is absent is empty there.
_TEXTS = {
    "APIVersion": "apiVersion",
    "AppVersion": "appVersion",
    "Condition": "condition",
    "Description": "description",
    "Home": "home",
    "Icon": "icon",
    "KubeVersion": "kubeVersion",
    "Name": "name",
    "Tags": "tags",
    "Type": "type",
    "Version": "version",
}


def fleet_files(
    name: str, files: Mapping[str, bytes], *, before_all: str = "", before_each: str = ""
) -> dict[str, bytes]:
    """The files of the fleet chart for a chart.

    Args:
        name: the chart's name.
        files: its files by their path inside it.
        before_all: template code to run before all releases, with the fleet chart's own root context.
        before_each: template code to run before each release, with its element of `.Values.releases`.
    """
    templates = [path for path in sorted(files) if _is_template(path)]
    kept = {path: data for path, data in files.items() if path.startswith("charts/") or _is_partial(path)}
    # Schemas are checked beforehand, on the values of each release.
    kept = {path: data for path, data in kept.items() if not path.endswith("/values.schema.json")}
    defines = "".join(f'{{{{ define "{_PREFIX}{path}" }}}}{files[path].decode()}{{{{ end }}}}' for path in templates)
    pieces = "".join(_piece(name, path) for path in templates)
    body = (
        f"{before_all}{{{{ range .Values.releases }}}}{before_each}"
        '{{ $release := dict "Name" .name "Namespace" .namespace "Service" "Helm" "Revision" 1 '
        '"IsInstall" true "IsUpgrade" false }}'
        '{{ $context := dict "Values" .values "Release" $release "Chart" $.Values.chart }}'
        f"{pieces}{{{{ end }}}}"
    )
    return kept | {"Chart.yaml": _CHART_YAML, "templates/fleet.yaml": (defines + body).encode()}


def chart_context(metadata: Mapping[str, object]) -> dict[str, object]:
    """What templates see as .Chart, from the content of Chart.yaml."""
    return {name: metadata.get(key, "") for name, key in _TEXTS.items()} | {
        "Annotations": metadata.get("annotations", {}),
        "IsRoot": True,
    }


def fleet_values(chart: Values, releases: Sequence[tuple[str, str, Values]]) -> dict[str, object]:
    """The fleet chart's values: `chart_context`, and for each release its name, namespace and values with defaults."""
    return {
        "chart": chart,
        "releases": [{"name": name, "namespace": namespace, "values": values} for name, namespace, values in releases],
    }


def split_fleet(text: str, releases: int) -> list[list[tuple[str, str]]]:
    """For each release the paths and texts of its templates. `text` is what the fleet chart rendered."""
    pieces = list(_pieces(text.encode()))
    assert releases, "a fleet of nothing is not rendered"
    each, rest = divmod(len(pieces), releases)
    assert rest == 0, "every release renders every template"
    return [pieces[at : at + each] for at in range(0, len(pieces), each)]


def _piece(name: str, path: str) -> str:
    """Template code that prints `<bytes of the path> <bytes of the text> <path><text>`."""
    full = f"{name}/{path}"
    return (
        f'{{{{ $_ := set $context "Template" (dict "Name" "{full}" "BasePath" "{name}/templates") }}}}'
        f'{{{{ $text := include "{_PREFIX}{path}" $context }}}}'
        f"{len(full.encode())} {{{{ len $text }}}} {full}{{{{ $text }}}}"
    )


def _pieces(data: bytes) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(data):
        path_size, text_size, _ = data[at : at + 32].split(b" ", 2)
        start = at + len(path_size) + len(text_size) + 2
        middle = start + int(path_size)
        at = middle + int(text_size)
        yield data[start:middle].decode(), data[middle:at].decode()


def _is_template(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return path.startswith("templates/") and not name.startswith("_") and name != "NOTES.txt"


def _is_partial(path: str) -> bool:
    return path.startswith("templates/") and path.rsplit("/", 1)[-1].startswith("_")
