"""Published lists of networks: what a document says, in the form that a project keeps."""

import json
from pathlib import Path

import pytest

from egressc.diagnostics.core import Report
from egressc.project import address_lists
from egressc.project.address_lists import Refreshed, refresh_list
from egressc.project.usage import UsageProblem
from egressc.project.workspace import open_workspace
from support.tables import each

_AWS = {
    "syncToken": "1700000000",
    "prefixes": [
        {"ip_prefix": "198.51.100.0/25", "region": "eu-central-1", "service": "S3"},
        {"ip_prefix": "198.51.100.128/25", "region": "eu-central-1", "service": "S3"},
        {"ip_prefix": "203.0.113.0/24", "region": "us-east-1", "service": "S3"},
        {"ip_prefix": "192.0.2.0/24", "region": "eu-central-1", "service": "EC2"},
    ],
    "ipv6_prefixes": [{"ipv6_prefix": "2001:db8:a::/48", "region": "eu-central-1", "service": "S3"}],
}
_GITHUB = {"ssh_keys": ["ssh-ed25519 AAAA"], "hooks": ["192.0.2.0/28", "2001:db8::/32"], "web": ["203.0.113.9/32"]}
_GOOGLE = {"prefixes": [{"ipv4Prefix": "192.0.2.0/25", "scope": "a"}, {"ipv6Prefix": "2001:db8::/44", "scope": "b"}]}
_AZURE = {"values": [{"name": "Sql", "properties": {"addressPrefixes": ["192.0.2.0/27"]}}, {"name": "Other"}]}


def refresh(folder: Path, published: object, *only: str, today: str = "2026-02-03", source: str = "x") -> Refreshed:
    given = published if isinstance(published, str | bytes) else json.dumps(published)
    given = given.encode() if isinstance(given, str) else given
    (folder / "egressc.yaml").write_text("addressLists: {Far: lists/far.yaml}\n", "utf-8")
    workspace = open_workspace(folder / "egressc.yaml", Report())
    assert workspace is not None
    found = refresh_list(workspace, "Far", given, source=source, only=only, today=today)
    if found.text:
        found.path.parent.mkdir(exist_ok=True)
        found.path.write_text(found.text, "utf-8")
    return found


@each(
    ("published", "only", "networks"),
    [
        (_AWS, ("service=S3", "region=eu-central-1"), ["198.51.100.0/24", "2001:db8:a::/48"]),
        (_AWS, ("region=us-east-1", "region=eu-central-1", "service=EC2"), ["192.0.2.0/24"]),
        (_GITHUB, ("hooks", "web"), ["192.0.2.0/28", "203.0.113.9/32", "2001:db8::/32"]),
        (_GOOGLE, (), ["192.0.2.0/25", "2001:db8::/44"]),
        (_GOOGLE, ("scope=b",), ["2001:db8::/44"]),
        (_AZURE, ("name=Sql",), ["192.0.2.0/27"]),
        ("192.0.2.8 # one\n\n2001:DB8:0:0::/33, 2001:db8:8000::/33\n192.0.2.0/29\n", (), None),
    ],
)
def test_documents_of_publishers(
    published: object, only: tuple[str, ...], networks: list[str] | None, tmp_path: Path
) -> None:
    (tmp_path / "lists" / "far.yaml").unlink(missing_ok=True)
    found = refresh(tmp_path, published, *only)
    assert list(found.added) == (networks or ["192.0.2.0/29", "192.0.2.8/32", "2001:db8::/32"])


@each(
    ("published", "only", "said"),
    [
        ("", (), "has no networks"),
        ("{", (), "is not valid JSON"),
        (_GITHUB, ("hook",), "has no networks with hook"),
        ("192.0.2.0/28", ("hooks",), "this is none"),
        ("192.0.2.1-192.0.2.9", (), "is not a network"),
        ("192.0.2.1/28", (), "has bits set beyond the prefix length"),
        ("0.0.0.0/0", (), "is every address"),
        ("::ffff:192.0.2.1", (), "is an IPv4-mapped IPv6 address"),
        ("fe80::1%eth0", (), "has an IPv6 zone"),
        ("[2001:db8::1]", (), "is not valid JSON"),
        ("<html>", (), "is not a network"),
        (b"\xff\xfe", (), "is not UTF-8"),
        ("[" * 100_000, (), "is not valid JSON"),
        ({"hooks": ["192.0.2.0/28", "198.51.100.1-198.51.100.9"]}, ("hooks",), '"198.51.100.1-198.51.100.9", which is'),
        ({"hooks": ["198.51.100.1-198.51.100.9"]}, (), "is not a network"),
        ({"hooks": ["192.0.2.0/28", "not a net"]}, (), '"not a net", which is not a network'),
        ({"hooks": ["192.0.2.0/28", " 203.0.113.0/24"]}, (), '" 203.0.113.0/24", which is not a network'),
        ({"prefixes": [{"ipv4Prefix": " 203.0.113.0/24"}]}, (), "is not a network"),
        ({"prefixes": [{"ipv6Prefix": "2001:db8::/32 "}]}, (), "is not a network"),
        ({"hooks": ["192.0.2.0/28", 3]}, (), '"3", which is not a network'),
        ("0.0.0.0/1\n128.0.0.0/1", (), "together 0.0.0.0/0, which is every address"),
        ("::/1\n8000::/1", (), "together ::/0, which is every address"),
    ],
)
def test_what_is_no_list_is_refused(published: object, only: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=said):
        refresh(tmp_path, published, *only)
    assert not (tmp_path / "lists").exists()


def test_a_document_is_read_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address_lists, "SOURCE_LIMIT", 2**20)
    with pytest.raises(UsageProblem, match="is larger than 1 MiB"):
        refresh(tmp_path, b" " * (2**20 + 1))


def test_a_date_is_that_of_the_last_change(tmp_path: Path) -> None:
    refresh(tmp_path, _GITHUB, "hooks", today="2026-02-03")
    first = (tmp_path / "lists" / "far.yaml").read_bytes()
    same = refresh(tmp_path, {**_GITHUB, "web": []}, today="2026-02-04")  # `only` is what the file says
    assert (same.text, same.added, same.removed) == ("", (), ())
    assert (tmp_path / "lists" / "far.yaml").read_bytes() == first
    moved = refresh(tmp_path, {"hooks": ["192.0.2.0/28", "192.0.2.16/28"]}, today="2026-02-05")
    assert (moved.added, moved.removed) == (("192.0.2.0/27",), ("192.0.2.0/28", "2001:db8::/32"))
    assert moved.text.splitlines()[1:] == [
        "source: x",
        "only:",
        "  - hooks",
        'date: "2026-02-05"',
        "addresses:",
        "  - 192.0.2.0/27",
    ]


@each(
    ("held", "said"),
    [
        (b"source: x\n", "line 1: "),
        (b"source: x\ndate: '2026-02-03'\nadress: [192.0.2.0/28]\naddresses: [192.0.2.0/28]\n", "line 3: .*adress"),
        (b"- x\n", "is not an address list"),
        (b"\xff", "is not an address list: line 1: .*UTF-8"),
        (b"#" * (2**20 + 1), "far.yaml is larger than 1 MiB"),
    ],
)
def test_what_a_compile_refuses_is_not_refreshed(
    held: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address_lists, "SOURCE_LIMIT", 2**20)
    (tmp_path / "lists").mkdir(exist_ok=True)
    (tmp_path / "lists" / "far.yaml").write_bytes(held)
    with pytest.raises(UsageProblem, match=said):
        refresh(tmp_path, _GITHUB, "hooks")
    assert (tmp_path / "lists" / "far.yaml").read_bytes() == held


def test_a_new_list_says_where_it_is_published(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="add --source"):
        refresh(tmp_path, _GITHUB, "hooks", source="")


@pytest.mark.parametrize("path", ["/far.yaml", "../far.yaml", "link/far.yaml"])
def test_only_files_of_the_project_are_written(path: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "egressc.yaml").write_text(f"addressLists: {{Far: {path}}}\n", "utf-8")
    workspace = open_workspace(tmp_path / "egressc.yaml", Report())
    assert workspace is not None
    with pytest.raises(UsageProblem, match="is not written"):
        refresh_list(workspace, "Far", b"192.0.2.0/28", source="x", only=(), today="2026-02-03")
    with pytest.raises(UsageProblem, match='no address list "Fa"'):
        refresh_list(workspace, "Fa", b"192.0.2.0/28", source="x", only=(), today="2026-02-03")
