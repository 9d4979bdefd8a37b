"""What leaves the cluster, by rows and without them, and what rules of the project file say of it."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.command import run
from support.tables import each

REGIONS = "tables: {headers: {region: [Region]}}\n"
CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  CRM: {addresses: [198.51.100.0/24], ports: [443], owner: Sales, region: us-east-1, data: personal}
  CRM archive: {addresses: [198.51.100.64/26], ports: [443], region: eu-west-1, data: personal}
  Internet: {owner: Platform}
"""
GDPR = "audit: [{when: {data: personal}, require: {region: eu-*}}]\n"
OWNED = "audit: [{require: [owner]}]\n"


def write(folder: Path, needs: str, project: str = "", catalog: str = CATALOG) -> Path:
    """A project with one service for each line of needs."""
    rows = "".join(f"| {name} | {it} |\n" for name, it in zip(("Web", "Orders"), needs.splitlines(), strict=False))
    (folder / "services.md").write_text(f"| Service | Depends on |\n|---|---|\n{rows}", "utf-8")
    (folder / "catalog.yaml").write_text(catalog, "utf-8")
    (folder / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{project}", "utf-8")
    return folder


def extra(folder: Path, service: str, *cidrs: str) -> None:
    """An extra rule in a values file."""
    path = folder / "values" / f"{service}.yaml"
    text = path.read_text("utf-8")
    assert "  egress: []\n" in text
    peers = ", ".join(f'{{ipBlock: {{cidr: "{it}"}}}}' for it in cidrs)
    path.write_text(text.replace("  egress: []\n", f"  egress: [{{to: [{peers}], ports: [{{port: 25}}]}}]\n"), "utf-8")


def leaving(folder: Path) -> list[dict[str, Any]]:
    result = run(["report", "--audit", "--format", "json"], folder)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["flows"]
    return found


def ends(folder: Path) -> list[str]:
    return [f"{it['service']} -> {it['destination']}" for it in leaving(folder)]


def errors(folder: Path, *arguments: str) -> list[str]:
    """The messages of a check, without warnings."""
    result = run(["check", "--format", "json", *arguments], folder)
    found = [it for it in json.loads(result.stdout)["diagnostics"] if it["code"] != "EG508"]
    assert result.exit_code == (1 if any(it["severity"] == "error" for it in found) else result.exit_code)
    return [f"{it['code']} {it['message']}" for it in found if it["code"] in ("EG474", "EG416")]


@each(
    ("needs", "expected"),
    [
        ("CRM", ["web -> crm"]),
        ("Internet (443)", ["web -> internet"]),
        ("Anywhere (443)", ["web -> anywhere"]),
        ("VPC Lattice (443)", ["web -> vpc-lattice"]),
        ("203.0.113.7 (443)", ["web -> cidr-203-0-113-7-32"]),
        ("10.1.2.3 (443)", ["web -> cidr-10-1-2-3-32"]),
        ("198.51.100.65 (443)", ["web -> crm-archive", "web -> crm"]),
        ("kube-dns (53), node metadata (80), EKS Pod Identity, NodeLocal DNS, Kubernetes API, kubelet API", []),
    ],
)
def test_what_is_outside(needs: str, expected: list[str], tmp_path: Path) -> None:
    cluster = "cluster: {apiServer: {addresses: [192.0.2.200/32]}, nodes: [10.9.0.0/16]}\n"
    assert ends(write(tmp_path, needs, cluster)) == expected


def test_what_is_stated_changes_no_values_file(tmp_path: Path) -> None:
    bare = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  CRM: {addresses: [198.51.100.0/24], ports: [443]}
  CRM archive: {addresses: [198.51.100.64/26], ports: [443]}
"""
    written = []
    for name, catalog in (("stated", CATALOG + "  VPC Lattice: {via: VPC Lattice}\n"), ("bare", bare)):
        folder = tmp_path / name
        folder.mkdir()
        write(folder, "CRM, CRM archive, Internet (443), VPC Lattice (443)", "", catalog)
        assert run(["compile"], folder).exit_code == 0
        written.append((folder / "values" / "web.yaml").read_bytes())
    assert written[0] == written[1]


@each(
    ("cidrs", "expected"),
    [
        (["198.51.100.0/24"], ["CRM archive", "CRM"]),
        (["198.51.100.7/32"], ["CRM"]),
        (["198.51.100.64/27", "203.0.113.0/24"], ["CRM archive", "CRM", "203.0.113.0/24"]),
        (["198.51.0.0/16"], ["CRM archive", "CRM", "any"]),
        (["192.0.2.200/32"], []),
        (["192.0.2.200/31"], ["192.0.2.201/32"]),
        (["0.0.0.0/2", "128.0.0.0/1"], ["Internet"]),
        (["::/0", "198.51.100.7/32"], ["CRM", "Internet"]),
    ],
)
def test_an_extra_rule_is_to_each_destination_that_has_some_of_its_addresses(
    cidrs: list[str], expected: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write(tmp_path_factory.mktemp("project"), "None", "cluster: {apiServer: {addresses: [192.0.2.200/32]}}\n")
    assert run(["compile"], folder).exit_code == 0
    extra(folder, "web", *cidrs)
    names = [it["destinationName"] for it in leaving(folder)]
    assert ["any" if len(it) > 20 else it for it in names] == expected


def test_an_extra_rule_to_a_part_of_personal_data_breaks_the_rule_about_it(tmp_path: Path) -> None:
    folder = write(tmp_path, "None", GDPR)
    assert run(["compile"], folder).exit_code == 0
    extra(folder, "web", "198.51.100.7/32", "203.0.113.0/24")
    assert errors(folder) == ['EG474 "Web" reaches "CRM", whose "region" is "us-east-1" and not "eu-*"']
    flows = leaving(folder)
    assert [(it["destinationName"], it["class"], it["breaks"]) for it in flows] == [
        ("CRM", "extra", ["region (egressc.yaml:3)"]),
        ("203.0.113.0/24", "extra", []),
    ]


def test_the_internet_carries_no_class_and_has_no_region(tmp_path: Path) -> None:
    folder = write(tmp_path, "Internet (443)", GDPR)
    assert errors(folder) == []
    write(folder, "Internet (443)", "audit: [{require: [region]}, {require: [owner]}]\n")
    assert errors(folder) == ['EG474 "Web" reaches "Internet", which states no "region"']


def test_nothing_is_written_where_a_rule_is_broken(tmp_path: Path) -> None:
    assert run(["compile"], write(tmp_path, "CRM", GDPR)).exit_code == 1
    assert not (tmp_path / "values").exists()
    assert run(["report"], tmp_path).exit_code == 1


def test_an_opt_in_and_what_a_baseline_opens_are_held_to_the_rules(tmp_path: Path) -> None:
    said = """cluster:
  namespaces:
    shop:
      baseline:
        deny: egress
        allowTo: [CRM]
        optIns: {crm: {selector: {crm: "true"}, to: [{name: CRM archive, ports: [443]}]}}
"""
    folder = write(tmp_path, "None\nNone", f"audit: [{{require: {{region: ch}}}}]\n{said}")
    assert errors(folder) == [
        'EG474 "Orders" and 2 others reach "CRM", whose "region" is "us-east-1" and not "ch"',
        'EG474 "Namespace shop, crm" reaches "CRM archive", whose "region" is "eu-west-1" and not "ch"',
    ]
    assert [(it["service"], it["destination"]) for it in leaving(folder)] == [
        ("orders", "crm"),
        ("web", "crm"),
        ("namespaces/shop", "crm"),
        ("namespaces/shop/crm", "crm-archive"),
    ]


US = 'reaches "CRM", whose "region" is "us-east-1" and not "eu-*"'


@each(
    ("allowance", "left"),
    [
        ("destination: CRM", []),
        ("destination: crm", []),
        ("service: Web", [f'EG474 "Orders" {US}']),
        ("service: web, destination: CRM", [f'EG474 "Orders" {US}']),
        ("service: Web, destination: Other", [f'EG474 "Web" {US}', f'EG474 "Orders" {US}']),
    ],
)
def test_the_project_file_allows(allowance: str, left: list[str], tmp_path: Path) -> None:
    folder = write(tmp_path, "CRM\nCRM", f"{GDPR}allow: [{{code: EG474, {allowance}, reason: agreed}}]\n")
    assert [it for it in errors(folder) if "EG416" not in it] == left


def test_what_extra_rules_alone_reach_is_allowed_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path, "None", f"{GDPR}allow: [{{code: EG474, destination: CRM, reason: agreed}}]\n")
    run(["compile"], folder)
    extra(folder, "web", "198.51.100.7/32")
    assert errors(folder) == []


def test_an_allowance_for_another_destination_is_unused_next_to_an_error(tmp_path: Path) -> None:
    allow = "allow: [{code: EG474, destination: Internet, reason: agreed}]\n"
    assert errors(write(tmp_path, "CRM", GDPR + allow)) == ["EG416 allowance of EG474 is unused", f'EG474 "Web" {US}']


def test_an_allowance_without_use_is_reported_and_a_row_allows_nothing(tmp_path: Path) -> None:
    allow = "allow: [{code: EG474, destination: Internet, reason: agreed}]\n"
    assert errors(write(tmp_path, "CRM archive", GDPR + allow)) == ["EG416 allowance of EG474 is unused"]
    table = "| Service | Depends on | Notes |\n|---|---|---|\n| Web | CRM | allow EG474: agreed |\n"
    write(tmp_path, "", GDPR)
    (tmp_path / "services.md").write_text(table, "utf-8")
    assert errors(tmp_path) == [f'EG474 "Web" {US}', "EG416 allowance of EG474 is unused"]


def test_the_repairs_work(tmp_path: Path) -> None:
    catalog = CATALOG.replace(", owner: Sales", "")
    folder = write(tmp_path, "CRM, 203.0.113.7 (443)", OWNED, catalog)
    result = run(["check"], folder)
    entries = [it.split("destinations: {")[1][:-1] for it in result.output.splitlines() if "add to the catalog" in it]
    network, entry = entries
    assert entry == '"CRM": {owner: "…"}'
    crm = catalog.replace("data: personal}", 'data: personal, owner: "…"}', 1)
    write(folder, "CRM, 203.0.113.7 (443)", OWNED, f"{crm}  {network}\n")
    assert errors(folder) == []
    assert run(["compile", "--strict"], folder).exit_code == 1  # the archive and the internet are unused
    assert set(re.findall("EG[0-9]+", run(["compile"], folder).output)) == {"EG413"}
    allow = [it.split("project file: ")[1] for it in result.output.splitlines() if "allow: [" in it]
    for it in allow:
        write(folder, "CRM, 203.0.113.7 (443)", f"{OWNED}{it}\n", catalog)
        assert len(errors(folder)) == 1


def test_each_row_that_lets_a_service_reach_it_is_shown(tmp_path: Path) -> None:
    folder = write(tmp_path, "CRM", GDPR)
    table = "| Service | Depends on |\n|---|---|\n| Web | CRM |\n| Web | CRM, Internet (443) |\n"
    (folder / "services.md").write_text(table, "utf-8")
    result = run(["check"], folder)
    assert "services.md:3:9" in result.output
    assert "services.md:4:9" in result.output


def test_what_nothing_limits_is_listed(tmp_path: Path) -> None:
    catalog = CATALOG + "  Orders: {directions: ingress, ports: [80]}\n"
    folder = write(tmp_path, "CRM\nNone", "", catalog)
    assert run(["compile"], folder).exit_code == 0
    values = folder / "values" / "web.yaml"
    values.write_text(values.read_text("utf-8").replace("enabled: true", "enabled: false"), "utf-8")
    if "enabled: false" not in values.read_text("utf-8"):
        values.write_text(values.read_text("utf-8") + "  enabled: false\n", "utf-8")
    found = [(it["service"], it["destination"], it["class"], it["reason"]) for it in leaving(folder)]
    assert found[0][:2] == ("web", "crm")
    assert [it[:3] for it in found[1:]] == [
        ("orders", "everything", "not limited"),
        ("web", "everything", "not limited"),
    ]
    assert found[1][3] == "its policy does not limit egress"
    assert found[2][3].startswith("switched off in values/web.yaml:")


def test_what_a_baseline_denies_is_limited(tmp_path: Path) -> None:
    closed = "cluster: {baseline: {deny: both}}\n"
    folder = write(tmp_path, "None", closed)
    assert run(["compile"], folder).exit_code == 0
    values = folder / "values" / "web.yaml"
    values.write_text(values.read_text("utf-8") + "  enabled: false\n", "utf-8")
    assert ends(folder) == []
    write(folder, "None", "cluster: {baseline: {deny: ingress}}\n")
    values.unlink()
    assert ends(folder) == []


def test_an_address_list_and_a_heading_of_a_service(tmp_path: Path) -> None:
    catalog = CATALOG + "  Bucket: {ports: [443], owner: Cloud}\n"
    folder = write(tmp_path, "Bucket", "addressLists: {Bucket: bucket.yaml}\n" + REGIONS, catalog)
    said = 'source: https://lists.example\ndate: "2026-01-02"\naddresses: [192.0.2.0/26]\n'
    (folder / "bucket.yaml").write_text(said, "utf-8")
    assert [it["owner"] for it in leaving(folder)] == [["Cloud"]]
    table = "\n## Web\n\n| Destination | Address | Port | Region |\n|---|---|---|---|\n"
    with (folder / "services.md").open("a", encoding="utf-8") as file:
        file.write(f"{table}| Mail | 203.0.113.25/32 | 25 | eu-1 |\n")
    assert [(it["destination"], it["region"]) for it in leaving(folder)] == [("bucket", []), ("mail", ["eu-1"])]


def test_on_cilium_names_are_outside_too(tmp_path: Path) -> None:
    catalog = CATALOG + "  Mail: {hosts: [mail.example], ports: [25], region: us-1, data: personal}\n"
    cluster = 'cluster: {dialect: Cilium, cilium: {version: "1.20"}}\n'
    folder = write(tmp_path, "Mail, Internet (443), Kubernetes API, 203.0.113.7 (443)", cluster + GDPR, catalog)
    assert ends(folder) == ["web -> cidr-203-0-113-7-32", "web -> internet", "web -> mail"]
    assert errors(folder) == ['EG474 "Web" reaches "Mail", whose "region" is "us-1" and not "eu-*"']
    assert {it["destination"]: it["internet"] for it in leaving(folder)}["mail"] is True


def test_rows_of_a_destination_add_up_and_the_catalog_agrees(tmp_path: Path) -> None:
    table = "\n| Destination | Address | Port | Region |\n|---|---|---|---|\n"
    rows = "| CRM | 198.51.100.0/24 | 443 | eu-1 |\n| CRM | 198.51.100.0/24 | 8443 | us-1 |\n"
    bare = 'defaults: {namespace: shop, selector: {app: "{id}"}}\ndestinations:\n  CRM: {owner: Sales'
    folder = write(tmp_path, "CRM", REGIONS, f"{bare}}}\n")
    with (folder / "services.md").open("a", encoding="utf-8") as file:
        file.write(table + rows)
    assert [(it["region"], it["owner"]) for it in leaving(folder)] == [(["eu-1", "us-1"], ["Sales"])]
    (folder / "catalog.yaml").write_text(f"{bare}, region: [US-1, eu-1]}}\n", "utf-8")
    assert [it["region"] for it in leaving(folder)] == [["eu-1", "us-1"]]
    (folder / "catalog.yaml").write_text(f"{bare}, region: eu-1}}\n", "utf-8")
    result = run(["compile"], folder)
    assert 'error[EG408]: region of "CRM" is eu-1 here and eu-1, us-1 elsewhere' in result.output


def test_what_is_allowed_for_many_networks_fits_no_others(tmp_path: Path) -> None:
    rule = "audit:\n  - require: [owner]\n"
    folder = write(tmp_path, "None", rule)
    assert run(["compile"], folder).exit_code == 0
    some = [f"192.0.2.{number}/32" for number in range(1, 41, 2)]
    extra(folder, "web", *some)
    (found,) = leaving(folder)
    assert errors(folder)
    allowed = f'allow: [{{code: EG474, destination: "{found["destination"]}", reason: a test}}]\n'
    with (folder / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write(allowed)
    assert errors(folder) == []
    path = folder / "values" / "web.yaml"
    path.write_text(path.read_text("utf-8").replace("192.0.2.39/32", "198.18.0.0/16"), "utf-8")
    assert errors(folder)


def test_the_table_holds_no_formula(tmp_path: Path) -> None:
    folder = write(tmp_path, "CRM", "", CATALOG.replace("owner: Sales", "owner: '=1+1'"))
    result = run(["report", "--audit", "--format", "csv"], folder)
    header, row = csv.reader(io.StringIO(result.stdout, newline=""))
    assert dict(zip(header, row, strict=True))["owner"] == "'=1+1"


@each(
    ("arguments", "message"),
    [
        (["--format", "dot"], "--audit cannot be used with --format dot"),
        (["-o", "a.mmd"], "--audit cannot be used with --format mermaid"),
        (["--manifests", "."], "--audit cannot be used with --manifests"),
    ],
)
def test_what_an_audit_cannot_be(arguments: list[str], message: str, tmp_path: Path) -> None:
    result = run(["report", "--audit", *arguments], write(tmp_path, "CRM"))
    assert result.exit_code == 2
    assert message in result.output
