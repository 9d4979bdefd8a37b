"""Programs that decide what tests ask them, one question and one answer a line, both JSON."""

import json
import subprocess
from typing import Any, ClassVar, Self

from testbed.processes import die_with_parent
from testbed.programs import GoProgram


class Decider:
    """The program, running from entering to leaving. One process answers all questions."""

    program: ClassVar[GoProgram]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [self.program.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            preexec_fn=die_with_parent,
        )
        return self

    def __exit__(self, *_: object) -> None:
        # It ends with its input.
        self._process.communicate()

    def put(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer to a question. Raises ValueError for a question that the program can't answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise ValueError(f"{self.program.name} ended; its last words are on standard error")
        given: dict[str, Any] = json.loads(line)
        if "error" in given:
            raise ValueError(given["error"])
        return given
