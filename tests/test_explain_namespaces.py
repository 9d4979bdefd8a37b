"""`egressc explain`: the repair of a denial at pods of a namespace, and once it is made the connection is allowed."""

import re
from pathlib import Path

from egressc.cli import ERRORS, OK
from support.command import run
from support.tables import each

SERVICES = """\
| Service | Namespace | Selector | Depends on | Listens on |
|---|---|---|---|---|
| Web shop | shop | app=web | None | 8080 |
| Ledger | data | app=ledger | None | 9090 |
"""
CATALOG = """\
groups: {caches: {members: [Redis, Memcached]}}
destinations:
  Redis: {namespace: cache, selector: {app: redis}, ports: [6379], policy: none}
  Memcached: {namespace: cache, selector: {app: memcached}, ports: [11211], policy: none}
  Partner: {addresses: [203.0.113.7], hosts: [partner.example.com], ports: [443]}
"""
BASELINE = "shop: {baseline: {deny: both, optIns: {debugging: {selector: {debug: 'yes'}, to: [Ledger]}}}}"
PLACE = "(egressc.yaml:3)"


def describe(folder: Path, opened: str = "", rows: str = "") -> None:
    baseline = BASELINE.replace("deny: both", f"deny: both{opened}")
    namespaces = f"{{{baseline}, data: {{baseline: {{deny: both}}}}}}"
    text = f"sources: [s.md]\ncatalog: catalog.yaml\ncluster: {{namespaces: {namespaces}}}\n"
    (folder / "egressc.yaml").write_text(text, "utf-8")
    (folder / "catalog.yaml").write_text(CATALOG, "utf-8")
    connections = f"\n| From | To | Port |\n|---|---|---|\n{rows}\n" if rows else ""
    (folder / "s.md").write_text(SERVICES + connections, "utf-8")


def asked(folder: Path, question: str) -> tuple[int, str]:
    assert run(["compile"], folder).exit_code == OK
    result = run(["explain", question], folder)
    return result.exit_code, "".join(re.findall(r"^  repair +(.*)$", result.stdout, re.MULTILINE))


@each(
    ("question", "row", "opened"),
    [
        ("pod:shop/a=b -> 192.0.2.7:443", "Namespace shop | 192.0.2.7 | 443/TCP", "allowTo"),
        ("pod:shop/a=b -> [2001:db8::1]:443", "Namespace shop | 2001:db8::1 | 443/TCP", "allowTo"),
        ("pod:shop/debug=yes -> 192.0.2.7:443", "Namespace shop | 192.0.2.7 | 443/TCP", "allowTo"),
        ("192.0.2.7 -> pod:shop/a=b:53/UDP", "192.0.2.7 | Namespace shop | 53/UDP", "allowFrom"),
        ("pod:shop/a=b -> Ledger:7070", "Namespace shop | Ledger | 7070/TCP", ""),
        ("pod:shop/a=b -> pod:data/a=b:80", "Namespace shop | Namespace data | 80/TCP", ""),
        ("pod:shop/a=b -> Redis:6379", "Namespace shop | Redis | 6379/TCP", "allowTo"),
        ("pod:shop/a=b -> redis:6380", "Namespace shop | Redis | 6380/TCP", "allowTo"),
        ("Redis -> pod:shop/a=b:80", "Redis | Namespace shop | 80/TCP", "allowFrom"),
        ("pod:shop/a=b -> Partner:443", "Namespace shop | Partner | 443/TCP", "allowTo"),
        ("pod:shop/a=b -> host:partner.example.com:443", "Namespace shop | Partner | 443/TCP", "allowTo"),
        ("Partner -> pod:shop/a=b:80", "Partner | Namespace shop | 80/TCP", "allowFrom"),
        ("caches -> pod:shop/a=b:80", "caches | Namespace shop | 80/TCP", "allowFrom"),
    ],
)
def test_a_row_lets_it_through_or_the_baseline(question: str, row: str, opened: str, tmp_path: Path) -> None:
    describe(tmp_path)
    status, repair = asked(tmp_path, question)
    end = next(it for it in row.split(" | ") if it != "Namespace shop")
    port = row.split(" | ")[-1]
    both = {"allowTo": "destinations", "allowFrom": "callers"}
    other = f", or {end} with port {port} to the {both[opened]} of its baseline, `{opened}` {PLACE}" if opened else ""
    assert (status, repair) == (ERRORS, f"add a row `{row}` to a table of connections{other}")
    describe(tmp_path, rows=f"| {row} |")
    assert asked(tmp_path, question) == (OK, "")
    if opened:
        describe(tmp_path, opened=f", {opened}: [{{name: '{end}', ports: [{port}]}}]")
        assert asked(tmp_path, question) == (OK, "")


def test_pods_that_no_table_names_are_left_open(tmp_path: Path) -> None:
    describe(tmp_path)
    repair = asked(tmp_path, "pod:elsewhere/a=b -> pod:shop/a=b:80")[1]
    assert repair.startswith(
        "add a row `\u2026 | Namespace shop | 80/TCP` to a table of connections, or \u2026 with port"
    )
