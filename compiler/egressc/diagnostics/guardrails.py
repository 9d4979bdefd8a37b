"""EG495 to EG499: what guardrails deny, and what allows it."""

from dataclasses import replace

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.proof import NONE, Provisos, helped
from egressc.source import Located, Span


@code("EG495", Severity.ERROR, "A row, an extra rule or a policy allows what a guardrail denies.")
def guarded_flow(
    code: Code,
    place: Span,
    flow: str,
    cause: str,
    guardrail: Located[str],
    repair: str,
    *,
    service: str = "",
    destination: str = "",
    namespace: str = "",
    provisos: Provisos = NONE,
) -> Diagnostic:
    """`place` is what allows it and `cause` names it; `repair` says what to do besides changing the guardrail.

    `namespace`: one whose labels, which are not known, decide it.
    """
    if namespace:
        known = f"write the labels of namespace {namespace} in the project file, as cluster: {{namespaces: "
        repair = f"{known}{{{namespace}: {{labels: {{…}}}}}}}}, if they exclude it; or {repair}"
    return Diagnostic(
        code,
        f'{flow} is allowed, but the guardrail "{guardrail.value}" denies it',
        Label(place, cause),
        (Label(guardrail.span, "denied here"),),
        help=helped(f"{repair}, or add an exception to the guardrail", provisos),
        service=service,
        destination=destination,
    )


@code("EG496", Severity.ERROR, "The manifests do not enforce a guardrail as the project file has it.")
def differing_guardrail(code: Code, place: Span, guardrail: Located[str], policy: str, flow: str) -> Diagnostic:
    """`policy` is its name; `flow`, in words, is denied by one side alone, or empty where the policy is missing."""
    problem = f"policy {policy} differs from it: {flow}" if flow else f"the manifests have no policy {policy}"
    return Diagnostic(
        code,
        f'guardrail "{guardrail.value}" is not enforced as written: {problem}',
        Label(place, "differs" if flow else "not among the manifests"),
        (Label(guardrail.span, "written here"),),
        help="render the chart guardrail-policy again from the values that `egressc compile` writes",
    )


@code("EG497", Severity.ERROR, "A guardrail names something that a policy cannot deny.")
def undeniable_destination(code: Code, place: Span, name: str, problem: str, repair: str) -> Diagnostic:
    """`problem` continues the name of the destination; `repair` says what to write instead."""
    return Diagnostic(code, f'"{name}" {problem}', Label(place, "cannot be denied"), help=repair)


@code("EG498", Severity.WARNING, "A guardrail has no effect.")
def idle_guardrail(code: Code, guardrail: Located[str], problem: str) -> Diagnostic:
    """`problem` is a sentence: why it has none."""
    return Diagnostic(
        code,
        f'guardrail "{guardrail.value}" has no effect: {problem}',
        Label(guardrail.span, "has no effect"),
        help="correct its selectors and names, or remove it",
    )


@code("EG499", Severity.WARNING, "A row, an extra rule or a policy may allow what a guardrail denies.")
def possibly_guarded_flow(code: Code, found: Diagnostic, flow: str, guardrail: str) -> Diagnostic:
    """`found` is one by `guarded_flow`; `flow` is of a pod with labels by which the rule selects it, and others."""
    return replace(
        found,
        code=code,
        message=f'{flow} is allowed if there is such a pod, but the guardrail "{guardrail}" denies it',
        help=f"if no pod has both labels, add {code.id} with a reason to allow in the project file; else {found.help}",
    )
