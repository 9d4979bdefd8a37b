"""A HelmRelease holds what Helm reads from the values file, whatever operators write below the extras line."""

from helm_python import values_from_yaml

from egressc.exports.flux import export_releases
from egressc.exports.project import ExportedProject, ExportedRelease
from egressc.model.project import ExportSettings
from egressc.model.release_kinds import SERVICES
from support.tables import each

HEAD = "# Generated\nnetworkPolicy:\n  podSelector:\n    matchLabels: {app: orders}\n  # egressc-extras: yours\n"


def project(values: str, *, repository: str = "https://git.example.com/a.git") -> ExportedProject:
    release = ExportedRelease("orders", "orders", "shop", kind=SERVICES, values_file="orders.yaml", values=values)
    return ExportedProject(ExportSettings(repository=repository), ".", "/project", "values", "", (release,), dict)


@each(
    ("name", "extras"),
    [
        ("nothing", ""),
        ("no line end", "  egress: []"),
        ("keys of its own", "  egress: []\nnameOverride: x\n"),
        ("comments at the margin", "  egress:\n# mine\n    - to: []\n"),
        ("a literal with its own indent", "  commonAnnotations:\n    a: |2\n        deep\n      b\n\n  egress: []\n"),
        ("a literal that looks like a comment", "  commonAnnotations:\n    a: |\n      # not a comment\n\n      x\n"),
        ("a folded text", "  commonAnnotations:\n    a: >-\n      one\n      two\n\n      three\n"),
        ("a string of several lines", '  commonAnnotations:\n    a: "one\n      two"\n  egress: []\n'),
        ("blanks at the end of a literal", "  commonAnnotations:\n    a: |+\n      one\n   \n\n  egress: []\n"),
        ("the end of the document", "  egress: []\n...\n# over\n"),
        ("a literal without its last line end", "  commonAnnotations:\n    a: |\n      text"),
        ("what YAML 1.1 takes for something else", '  commonAnnotations: {a: "1e3", b: "on", c: "0x1F"}\n'),
    ],
)
def test_the_values_are_those_of_the_file(name: str, extras: str) -> None:
    del name
    for text in (HEAD + extras, (HEAD + extras).replace("\n", "\r\n"), "\ufeff" + HEAD + extras):
        release = export_releases(project(text))["flux/shop/orders.yaml"]
        spec = values_from_yaml(release)["spec"]
        assert isinstance(spec, dict)
        assert spec["values"] == values_from_yaml(text.removeprefix("\ufeff"))


@each(
    ("repository", "url"),
    [
        ("https://git.example.com/a.git", "https://git.example.com/a.git"),
        ("ssh://git@git.example.com:22/a.git", "ssh://git@git.example.com:22/a.git"),
        ("git@git.example.com:shop/a.git", "ssh://git@git.example.com/shop/a.git"),
        ("git@git.example.com:/shop/a.git", "ssh://git@git.example.com/shop/a.git"),
    ],
)
def test_flux_gets_a_url(repository: str, url: str) -> None:
    text = export_releases(project(HEAD, repository=repository))["flux.yaml"]
    (source,) = [it for it in text.split("---\n") if "kind: GitRepository\nmetadata" in it]
    spec = values_from_yaml(source)["spec"]
    assert isinstance(spec, dict)
    assert spec["url"] == url
