"""The key `at` of a catalog entry gives the facts that the longer keys give."""

from egressc.diagnostics.core import Report
from egressc.lower.catalog import lower_catalogs
from egressc.model.requirements import Facts
from egressc.source import Source
from support.tables import each


def facts_of(keys: str) -> tuple[Facts | None, list[str]]:
    report = Report()
    catalog = lower_catalogs([Source("catalog.yaml", f"destinations:\n  Orders DB: {{{keys}}}\n")], report)
    assert catalog is not None
    said = [f"{it.code.id} {it.message}" for it in report.sorted()]
    return (None if said else catalog.entries[0].facts), said


@each(
    ("short", "long"),
    [
        ("at: data/app=postgresql", "namespace: data, selector: {app: postgresql}"),
        (
            "at: 'data/app.kubernetes.io/name=pg, role=main,tier='",
            "namespace: data, selector: {app.kubernetes.io/name: pg, role: main, tier: ''}",
        ),
        ("at: 192.0.2.7", "addresses: [192.0.2.7]"),
        ("at: 192.0.2.0/28", "addresses: [192.0.2.0/28]"),
        ("at: '2001:DB8:0::7'", "addresses: ['2001:db8::7/128']"),
        ("at: [192.0.2.7, '2001:db8::/64']", "addresses: [192.0.2.7, '2001:db8::/64']"),
        ("at: db.example.com", "hosts: [db.example.com]"),
        (
            "at: [a.example.com, b.example.com, 192.0.2.7]",
            "hosts: [a.example.com, b.example.com], addresses: [192.0.2.7]",
        ),
        ("at: db.example.com, addresses: [192.0.2.7]", "hosts: [db.example.com], addresses: [192.0.2.7]"),
        ("at: db.example.com, internet: true", "hosts: [db.example.com], internet: true"),
        ("at: 192.0.2.7, hosts: [db.example.com]", "hosts: [db.example.com], addresses: [192.0.2.7]"),
        ("at: data/app=pg, ports: [5432]", "namespace: data, selector: {app: pg}, ports: [5432]"),
    ],
)
def test_a_place_in_one_key(short: str, long: str) -> None:
    found, said = facts_of(short)
    assert said == []
    assert found == facts_of(long)[0]


@each(
    ("keys", "said"),
    [
        ("at: app=pg", "has no namespace before its labels"),
        ("at: app.kubernetes.io/name=pg", 'has the namespace "app.kubernetes.io", which can contain only'),
        ("at: 'data/app=a,app=b'", 'has the label "app=b", which is there twice'),
        ("at: 'data/app=a,tier'", 'has the label "tier", which is not LABEL=VALUE'),
        ("at: 'data/app=a b'", 'has the label "app=a b", which can contain only'),
        ("at: data/postgresql", "is neither NAMESPACE/LABEL=VALUE nor a network"),
        ("at: postgresql", "is not a full host name"),
        ("at: DB.example.com", "has upper-case letters"),
        ("at: db.example.com:5432", "has a port"),
        ("at: 'a*.example.com'", "has a wildcard that is not *. or **. at its start"),
        ("at: '**.com'", "names every host of a top-level domain"),
        ("at: 192.0.2.7/24", "has bits set beyond the prefix length"),
        ("at: '::ffff:192.0.2.7'", "is an IPv4-mapped IPv6 address"),
        ("at: 'fe80::1%eth0'", "has an IPv6 zone"),
        ("at: '[2001:db8::7]'", "has brackets"),
        ("at: [data/app=a, data/app=b]", "is one of several places"),
        ("at: data/app=a, namespace: data", 'of "namespace" cannot be used with "at"'),
        ("at: data/app=a, selector: {app: a}", 'cannot be used with "at"'),
        ("at: data/app=a, hosts: [db.example.com]", 'cannot be used with "at"'),
        ("at: 192.0.2.7, addresses: [192.0.2.8]", 'cannot be used with "at"'),
        ("at: 192.0.2.7, internet: true", 'cannot be used with "at"'),
        ("at: 192.0.2.7, namespace: data", 'cannot be used with "at"'),
        ("at: db.example.com, hosts: [b.example.com]", 'cannot be used with "at"'),
    ],
)
def test_what_is_no_place_or_a_second_one(keys: str, said: str) -> None:
    _, found = facts_of(keys)
    assert len(found) == 1, found
    assert found[0].startswith("EG232")
    assert said in found[0]


def test_an_empty_place_is_not_offered_as_a_list() -> None:
    for text in ('""', '"  "'):
        report = Report()
        lower_catalogs([Source("catalog.yaml", f"destinations:\n  Orders DB: {{at: {text}}}\n")], report)
        (found,) = report.sorted()
        assert (found.code.id, found.help) == (
            "EG232",
            "at: Where it is, in one key: NAMESPACE/LABEL=VALUE (further labels after commas), addresses and networks, "
            "or a DNS name.",
        )
