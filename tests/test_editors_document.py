"""docs/editors.md: the configuration of each editor can be read, and starts the server for the files it is for."""

import json
import re
import tomllib
from pathlib import Path

TEXT = (Path(__file__).parent.parent / "docs" / "editors.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE))


def test_vs_code() -> None:
    settings = json.loads(BLOCKS["json"])
    command = [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]]
    assert command == ["egressc", "lsp"]
    assert {"markdown", "yaml", "csv"} <= {*settings["glspc.server.languageId"]}


def test_helix() -> None:
    settings = tomllib.loads(BLOCKS["toml"])
    server = settings["language-server"]["egressc"]
    assert [server["command"], *server["args"]] == ["egressc", "lsp"]
    assert [it["name"] for it in settings["language"] if "egressc" in it["language-servers"]] == [
        *("markdown", "yaml", "csv"),
    ]


def test_neovim() -> None:
    assert 'cmd = { "egressc", "lsp" }' in BLOCKS["lua"]
    assert 'filetypes = { "markdown", "csv", "yaml" }' in BLOCKS["lua"]
