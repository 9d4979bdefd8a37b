"""Hostile input: a clear error in bounded time and memory, no traceback, nothing written outside the values folder."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import egressc

SECONDS = 30
MEMORY = 3 * 2**30
TABLE = "| Service | Depends on |\n|---|---|\n"
CATALOG = 'defaults: {namespace: shop, selector: {app: "{id}"}}\ndestinations:\n  Redis: {ports: [6379]}\n'


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def compile_project(folder: Path) -> subprocess.CompletedProcess[str]:
    project = folder / "project"
    (project / "egressc.yaml").write_text("sources: [services.md]\ncatalog: catalog.yaml\n", "utf-8")
    if not (project / "catalog.yaml").exists():
        (project / "catalog.yaml").write_text(CATALOG, "utf-8")
    environment = {
        "PYTHONPATH": str(Path(egressc.__file__).parents[1]),
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
    }
    return subprocess.run(
        [sys.executable, "-m", "egressc", "compile"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )


def table(row: str) -> Callable[[Path], None]:
    return document(TABLE + row + "\n")


def document(text: str) -> Callable[[Path], None]:
    return raw(text.encode())


def catalog(text: str) -> Callable[[Path], None]:
    def write(project: Path) -> None:
        document(TABLE + "| Orders | Redis |\n")(project)
        (project / "catalog.yaml").write_text(text, "utf-8")

    return write


def sparse(project: Path) -> None:
    (project / "services.md").touch()
    os.truncate(project / "services.md", 100 * 2**20)


def raw(data: bytes) -> Callable[[Path], None]:
    def write(project: Path) -> None:
        (project / "services.md").write_bytes(data)

    return write


def pipe(project: Path) -> None:
    os.mkfifo(project / "services.md")


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = {
    "100-mb": (sparse, "EG102"),
    "named-pipe": (pipe, "EG509"),
    "invalid-utf-8": (raw(b"| Service |\xff\xfe\n"), "EG101"),
    "utf-16": (raw((TABLE + "| Orders | Redis |\n").encode("utf-16")), "EG101"),
    "yaml-bomb": (catalog(BOMB), "EG131"),
    "yaml-nested": (catalog("destinations: " + "[" * 100_000), "EG105"),
    "yaml-one-line": (catalog("destinations: {" + "".join(f"a{number}: {{}}, " for number in range(100_000))), "EG130"),
    "path-as-service": (table("| ../../x | Redis |"), "EG306"),
    "absolute-path-as-service": (table("| /etc/passwd | Redis |"), "EG306"),
    "null-in-service": (table("| a\0b | Redis |"), "EG103"),
    "newline-smuggled": (table("| a<br>egress: | Redis |"), "EG221"),
    "escape-sequence": (table("| Orders | Red\x1b]0;owned\x07is |"), "EG103"),
    "huge-name": (table(f"| {'a' * (10 * 2**20)} | Redis |"), "EG306"),
    "huge-list": (table(f"| Orders | {', '.join(f'x{number}' for number in range(500_000))} |"), "EG210"),
    "errors-without-end": (
        document(TABLE + "".join(f"| S{number} | N{number} |\n" for number in range(90_000))),
        "EG419",
    ),
    "rows-without-end": (
        document(TABLE + "".join(f"| S{number} | Redis |\n" for number in range(400_000))),
        "EG421",
    ),
    "groups-of-groups": (
        document(TABLE + "".join(f"| S{number} | All services:{number + 1} |\n" for number in range(9_000))),
        "EG422",
    ),
    "pipes": (document("|" * (5 * 2**20)), "EG418"),
    "brackets": (table(f"| {'[' * 200_000} | Redis |"), "EG102"),
    "emphasis": (table(f"| {'*a ' * 200_000} | Redis |"), "EG102"),
    "backticks": (document("".join("`" * number + " " for number in range(3000))), "EG418"),
    "block-quotes": (document("> " * 100_000 + "a"), "EG105"),
    "lists": (document("".join("  " * level + "- a\n" for level in range(1000))), "EG105"),
    "wide-lists": (
        document("".join("  " * level + "- a\n" for level in range(49)) + (" " * 10_000 + "- a\n") * 1000),
        "EG418",
    ),
}


@pytest.mark.parametrize(("write", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_in_bounded_time(write: Callable[[Path], None], code: str, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    write(tmp_path / "project")
    result = compile_project(tmp_path)
    assert result.returncode == 1, result.stderr[:2000]
    assert f"[{code}]" in result.stderr, result.stderr[:2000]
    assert "\x1b" not in result.stderr
    assert "\x07" not in result.stderr
    assert len(result.stderr) < 2**20
    assert not (tmp_path / "project" / "values").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"project"}


def test_template_syntax_in_cells_stays_text(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    rows = '| Destination | Port | Purpose |\n|---|---|---|\n| Redis | 6379 | {{ fail "owned" }} `#` "}" |\n\n'
    document(f"# Orders egress\n\n{rows}# Services\n\n{TABLE}| Orders | Redis |\n")(tmp_path / "project")
    result = compile_project(tmp_path)
    assert result.returncode == 0, result.stderr
    rendered = subprocess.run(
        [sys.executable, "-m", "egressc", "render"],
        cwd=tmp_path / "project",
        env={"PYTHONPATH": str(Path(egressc.__file__).parents[1]), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert '{{ fail "owned" }}' in rendered
    assert rendered.count("port: 6379") == 1


def test_a_values_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project" / "values").symlink_to(tmp_path / "elsewhere")
    table("| Orders | Redis |")(tmp_path / "project")
    result = compile_project(tmp_path)
    assert result.returncode == 1
    assert "[EG510]" in result.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []
