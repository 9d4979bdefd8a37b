"""Every code there is, in order of id: what SARIF lists as rules and the documentation explains."""

from types import ModuleType

from egressc.diagnostics import (
    allowances,
    audit,
    baselines,
    callers,
    cells,
    columns,
    defects,
    dialects,
    environments,
    gateways,
    generated,
    guardrails,
    limits,
    live,
    manifests,
    names,
    phrases,
    places,
    ports,
    presets,
    proof,
    reading,
    references,
    rendered,
    rows,
    unread,
    values,
    width,
    workloads,
)
from egressc.diagnostics.core import Builder, Code

MODULES: tuple[ModuleType, ...] = (
    reading,
    phrases,
    references,
    unread,
    cells,
    columns,
    values,
    names,
    places,
    presets,
    ports,
    width,
    callers,
    baselines,
    guardrails,
    audit,
    gateways,
    rows,
    workloads,
    allowances,
    limits,
    dialects,
    environments,
    generated,
    rendered,
    manifests,
    proof,
    live,
    defects,
)


def all_codes() -> tuple[Code, ...]:
    """The codes of all modules, sorted by id; an id or a name given twice is a defect and fails here."""
    builders = {id(held): held for module in MODULES for held in vars(module).values() if isinstance(held, Builder)}
    codes = sorted((builder.code for builder in builders.values()), key=lambda code: code.id)
    assert len({code.id for code in codes}) == len(codes), "two diagnostics share an id"
    assert len({code.slug for code in codes}) == len(codes), "two diagnostics share a name"
    return tuple(codes)
