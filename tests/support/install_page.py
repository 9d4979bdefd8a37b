"""The commands that docs/install.md shows, for tests that run them."""

import re

from support.helm_binaries import ROOT

PAGE = (ROOT / "docs" / "install.md").read_text("utf-8")


def commands(heading: str) -> list[str]:
    """The blocks of commands under a heading, in order."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert found, heading
    return found
