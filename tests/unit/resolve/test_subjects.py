"""Names that differ in the words in parentheses alone."""

from egressc.diagnostics.core import Report
from egressc.model.policy import PolicySet
from support.compiled import CATALOG, compile_text, services

STORES = (
    "\n| Destination | Namespace | Port |\n|---|---|---|\n"
    "| Pg (write node) | databases | 5432 |\n| Pg (read replica) | databases | 5432 |\n"
)


def _compiled(catalog: str) -> tuple[PolicySet | None, Report]:
    return compile_text(services("web | Pg (write node) | None", "jobs | Pg (read replica) | None") + STORES, catalog)


def _reached(policies: PolicySet | None) -> dict[str, list[str]]:
    assert policies is not None
    return {it.id: [grant.destination.key for grant in it.grants] for it in policies.services}


def test_two_destinations_that_differ_in_a_remark_are_not_one() -> None:
    policies, report = _compiled(CATALOG)
    assert policies is None
    (problem,) = [it for it in report.diagnostics if it.code.id == "EG307"]
    assert problem.message == '"Pg (read replica)" and "Pg (write node)" are both read as "Pg"'
    assert '{aliases: ["Pg (read replica)", "Pg (write node)"]}' in problem.help


def test_they_are_one_where_the_catalog_says_so() -> None:
    policies, _ = _compiled(CATALOG + '  "Pg": {aliases: ["Pg (read replica)", "Pg (write node)"]}\n')
    assert _reached(policies) == {"web": ["pg"], "jobs": ["pg"]}


def test_they_are_two_where_the_catalog_has_both_names() -> None:
    entries = "".join(
        f'  "Pg ({said})": {{id: pg-{role}, selector: {{app: pg, role: {role}}}}}\n'
        for said, role in (("write node", "rw"), ("read replica", "ro"))
    )
    policies, _ = _compiled(CATALOG + entries)
    assert _reached(policies) == {"web": ["pg-rw"], "jobs": ["pg-ro"]}
