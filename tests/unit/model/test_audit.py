"""Values for audits, patterns of them, and what a rule says of a destination."""

from egressc.model.audit import AuditCondition, AuditKey, AuditRule, audit_data, fits, values_of
from egressc.source import NOWHERE, Located
from support.tables import each


@each(
    ("value", "pattern", "is_met"),
    [
        ("eu-west-1", "eu-west-1", True),
        ("EU-West-1", "eu-west-1", True),
        ("eu-west-1", "EU-*", True),
        ("eu-west-1", "eu-west", False),
        ("eu-west-1", "*", True),
        ("eu-west-1", "*west*", True),
        ("eu-west-1", "*-1", True),
        ("eu-west-1", "eu*1", True),
        ("eu-west-1", "eu-*-*-1", False),
        ("us-eu-1", "eu-*", False),
        ("aba", "ab*ba", False),
        ("abba", "ab*ba", True),
        ("axbyc", "a*b*c", True),
        ("axcyb", "a*b*c", False),
        ("axb", "*x*x*", False),
        ("a?c", "a?c", True),
        ("abc", "a?c", False),
        ("abc", "[a-c]*", False),
        ("north  america", "North America", False),
        ("a" * 250, "*a" * 120 + "b", False),
    ],
)
def test_patterns(value: str, pattern: str, is_met: bool) -> None:
    assert fits(value, pattern) is is_met


def test_values_are_stated_once_and_sorted() -> None:
    found = audit_data([("data", ["personal", " Payment  data ", "Personal", ""]), ("owner", ["Sales"]), ("via", [])])
    assert [it.key for it in found] == ["owner", "data"]
    assert values_of(found, "data") == ("Payment data", "Personal")
    assert values_of(found, "via") == ()


def test_the_order_of_values_changes_nothing() -> None:
    assert audit_data([("data", ["personal", "Personal"])]) == audit_data([("data", ["Personal", "personal"])])


def condition(key: AuditKey, *patterns: str) -> AuditCondition:
    return AuditCondition(key, tuple(Located(it, NOWHERE) for it in patterns), NOWHERE)


@each(
    ("stated", "unmet"),
    [
        ({"data": ["personal"], "region": ["eu-1"], "owner": ["A"]}, []),
        ({"data": ["personal"], "region": ["eu-1", "us-1"], "owner": ["A"]}, ["region"]),
        ({"data": ["personal", "payment"], "owner": ["A"]}, ["region"]),
        ({"data": ["personal"]}, ["region", "owner"]),
        ({"data": ["payment"], "region": ["us-1"]}, []),
        ({"region": ["us-1"]}, []),
        ({}, []),
    ],
)
def test_what_a_rule_about_personal_data_admits(stated: dict[AuditKey, list[str]], unmet: list[str]) -> None:
    rule = AuditRule((condition("data", "personal", "health"),), (condition("region", "eu-*"), condition("owner")), "")
    assert [it.key for it in rule.unmet(audit_data(stated.items()))] == unmet


def test_a_rule_is_about_what_meets_all_of_its_conditions() -> None:
    rule = AuditRule((condition("data", "personal"), condition("owner", "Sales")), (condition("region"),), "")
    assert [*rule.unmet(audit_data([("data", ["personal"]), ("owner", ["Shop"])]))] == []
    assert len([*rule.unmet(audit_data([("data", ["personal"]), ("owner", ["Sales"])]))]) == 1
