"""Services that cannot resolve names: how many are named."""

from support.compiled import compile_text, services

PROJECT = "cluster: {dns: {profile: none}, namespaces: {apps: {baseline: {deny: egress}}}}"


def said(count: int) -> list[str]:
    text = services(*(f"s{number} | None" for number in range(1, count + 1)), header="Service | Depends on")
    return [it.message for it in compile_text(text, project=PROJECT)[1].sorted() if it.code.id == "EG468"]


def test_at_most_five_are_named() -> None:
    assert said(1) == ['"s1" cannot resolve names']
    assert said(5) == ["5 services cannot resolve names: s1, s2, s3, s4, s5"]
    assert said(7) == ["7 services cannot resolve names: s1, s2, s3, s4, s5 and 2 more"]
