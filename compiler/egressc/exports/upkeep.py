"""Exports that are there already: whether they are up to date, and whether anything still owns them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import left_behind
from egressc.diagnostics.generated import whole_file
from egressc.exports.marks import find_left_behind, find_tools
from egressc.files.folder import WritePlan
from egressc.project.compiling import Compiled

if TYPE_CHECKING:  # Helm comes with it, which a check without exports does not need
    from egressc.project.rendering import Watch


def check_exports(
    compiled: Compiled, report: Report, late: Report, watch: "Watch"
) -> tuple[Sequence[str], WritePlan | None]:
    """The tools that a project is exported for, and what an export would write now, reported file by file in `late`.

    None without an export, or once errors are reported. EG527 for exports of an environment that the project no longer
    has, or of the time before it had any.
    """
    workspace = compiled.workspace
    settings, names = workspace.project.export, workspace.project.environments.names
    folder = settings.folder.rpartition("/")[0] if names else settings.folder
    for name, tools in find_left_behind(workspace.folder / folder, names):
        report.add(left_behind(whole_file(f"{folder}/{name}".removesuffix("/")), folder, names, tools))
    tools = find_tools(workspace.folder / settings.folder)
    if not tools:
        return tools, None
    from egressc.exports import plan as exports

    plan = exports.plan_export(compiled, tools, settings.folder, report, watch=watch)
    if plan is not None:
        exports.report_outdated(plan, late)
    return tools, plan
