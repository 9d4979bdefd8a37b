import os
import subprocess
import sys
from pathlib import Path

import pytest

from egressc.helm.choose import open_engine
from egressc.helm.engine import EngineError

ANSWERS = {
    "v3.17.0": None,
    "v4.1.4": None,
    "v4.0.0-rc.1": None,
    "v3.16.4": 'it answers "v3.16.4"',
    "v2.17.0": 'it answers "v2.17.0"',
    "hello": 'it answers "hello"',
    "": "it prints no version",
}


def program(folder: Path, script: str, name: str = "helm") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return path


def test_embedded_is_what_nobody_needs_to_ask_for() -> None:
    for choice, environment in ((None, {}), ("embedded", {"EGRESSC_HELM": "/nowhere"}), (None, {"EGRESSC_HELM": ""})):
        assert open_engine(choice, environment).name == "embedded"


def test_a_binary_is_named_by_flag_before_environment(tmp_path: Path) -> None:
    flag = program(tmp_path, "echo v3.18.1", "flag")
    variable = program(tmp_path, "echo v4.0.1", "variable")
    environment = {"EGRESSC_HELM": str(variable), "PATH": os.environ["PATH"]}
    assert open_engine(str(flag), environment).version == "v3.18.1"
    assert open_engine(None, environment).version == "v4.0.1"


def test_binary_is_the_helm_on_path(tmp_path: Path) -> None:
    found = program(tmp_path, "echo v3.17.2")
    engine = open_engine("binary", {"PATH": str(tmp_path)})
    assert (engine.name, engine.version) == (str(found), "v3.17.2")


@pytest.mark.parametrize("choice", ["binary", "/no/such/helm", "no-such-helm", ""])
def test_a_program_that_is_not_there_is_said_to_be_missing(choice: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as raised:
        open_engine(choice, {"PATH": str(tmp_path)})
    problem = raised.value.diagnostic
    assert problem.code.id == "EG601"
    assert problem.primary.span.source.name == "--helm"
    assert "EGRESSC_HELM" in problem.help


@pytest.mark.parametrize(("answer", "said"), ANSWERS.items())
def test_a_program_must_answer_as_a_helm_of_a_known_version(answer: str, said: str | None, tmp_path: Path) -> None:
    path = program(tmp_path, f"echo '{answer}'")
    if said is None:
        assert open_engine(str(path), {}).version == answer
        return
    with pytest.raises(EngineError) as raised:
        open_engine(str(path), {})
    assert raised.value.diagnostic.code.id == "EG602"
    assert raised.value.diagnostic.message.endswith(said)


def test_a_program_that_fails_is_no_helm(tmp_path: Path) -> None:
    path = program(tmp_path, "echo 'unknown command' >&2; exit 1")
    with pytest.raises(EngineError) as raised:
        open_engine(str(path), {})
    assert raised.value.diagnostic.code.id == "EG602"
    assert "unknown command" in raised.value.diagnostic.message


def test_a_library_that_cannot_be_loaded_is_said_so_with_the_way_out(tmp_path: Path) -> None:
    """In a process of its own: a library is loaded once."""
    wrong = tmp_path / "libhelm_c.so"
    wrong.write_bytes(b"not a library")
    script = (
        "from egressc.helm.choose import open_engine\n"
        "from egressc.helm.engine import EngineError\n"
        "try:\n    open_engine(None, {})\n"
        "except EngineError as error:\n"
        "    print(error.diagnostic.code.id, error.diagnostic.message, error.diagnostic.help)\n"
    )
    environment = {**os.environ, "HELM_C_LIB": str(wrong), "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("EG603 the embedded Helm cannot be loaded: ")
    assert "--helm" in run.stdout
    assert "Traceback" not in run.stderr
