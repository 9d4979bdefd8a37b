"""The guardrails of a project, held against all that its files and those of other owners allow."""

from typing import TYPE_CHECKING

from egressc.diagnostics.core import Report
from egressc.model.known_namespaces import settle
from egressc.project.extra_rules import extra_rules_of
from egressc.verify.comparison.api_server import with_api_server
from egressc.verify.comparison.guardrails import check_guarded, check_overruled
from egressc.verify.flows.precedence import additive
from egressc.verify.intent.extras import intend_all
from egressc.verify.intent.guardrails import intend_guardrails

if TYPE_CHECKING:
    from egressc.project.compiling import Compiled


def check_guardrails(compiled: "Compiled", report: Report) -> None:
    """EG495 for each row, extra rule and policy of others that allows what a guardrail denies, and EG499 for what may.

    What a policy of the cluster denies, others cannot allow but by a policy of the cluster that is asked before it.
    """
    project = compiled.workspace.project
    guardrails = intend_guardrails(compiled.guardrails, project.cluster.guardrails)
    if not guardrails:
        return
    known = compiled.others.namespaces
    denied = settle(guardrails, known)
    ids = [it.service.id for it in compiled.values]
    intended = intend_all(compiled.policies, extra_rules_of(compiled, ids, report), report)
    if intended is None:
        return
    server = project.cluster.api_server
    asked, others = (with_api_server(settle(it, known), server) for it in (intended, compiled.others.policies))
    check_guarded(denied, asked, report, known=compiled.known_pods)
    if project.cluster.guardrails is None:
        check_guarded(denied, additive(others), report, are_manifests=True)
    else:
        check_overruled(denied, (*asked, *others), report)
