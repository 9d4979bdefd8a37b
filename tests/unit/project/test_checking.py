"""What a compile leaves in each file is held against the schema of values."""

import pytest

from egressc.diagnostics.core import Report
from egressc.diagnostics.defects import CompilerBug
from egressc.emit.values import ServiceValues
from egressc.model.policy import Dns, Selector, ServicePolicy
from egressc.model.project import Project
from egressc.project.checking import check_files
from egressc.source import Source, Span

PLACE = Span(Source("services.md", "web"), 0, 3)
WEB = ServicePolicy("web", "web", "apps", Selector((("app", "web"),)), Dns("kube-dns"), (), PLACE)
UNFIT = ServiceValues(WEB, "text", {"dependencies": "none"})


def test_what_is_about_to_be_written_is_held_against_the_schema() -> None:
    with pytest.raises(CompilerBug, match="web"):
        check_files(Project(), [UNFIT], {"web.yaml": "text"}, Report(), Report(), {})
