"""Changing releases through the helm binary, several at once: each alone is atomic, and none spoils another."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pyhelm3 import Command, Error  # type: ignore[import-untyped]

from egressc.cluster.objects import Access
from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.live import failed_release
from egressc.helm.binary import BinaryEngine
from egressc.helm.messages import plain_words
from egressc.source import Located, Span

# Helm keeps as many revisions of each release unless told otherwise; each takes a Secret.
_HISTORY = 10
_FIRST_SERVER_SIDE = 4


class Action(Enum):
    """What is done to a release, in Helm's words. REPLACE: an upgrade that puts the whole object in place of the live
    one; a plain upgrade leaves what others added in maps that it does not touch [observed on 3.17.2 and 4.1.4].
    """

    INSTALL = "install"
    UPGRADE = "upgrade"
    REPLACE = "restore"
    CLEAR = "clear away"
    GO_BACK = "roll back"
    UNINSTALL = "uninstall"


@dataclass(frozen=True, slots=True)
class ReleaseStep:
    """What is to be done to one release, in order; the first failure ends it. `revision` is what GO_BACK goes to."""

    service: str
    namespace: str
    place: Span
    actions: tuple[Action, ...]
    values: Path | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` is None where all went well."""

    step: ReleaseStep
    problem: Diagnostic | None


@dataclass(frozen=True, slots=True)
class Options:
    """What holds for every release of a run. `timeout` is Helm's: a duration such as 5m."""

    timeout: str
    width: int
    create_namespace: bool = False
    dry_run: bool = False


class Changer:
    """Runs steps with one helm binary against one cluster. Raises EngineError (EG602) for what is no usable Helm."""

    def __init__(self, program: Located[str], access: Access) -> None:
        logging.getLogger("pyhelm3").addHandler(logging.NullHandler())
        self.version = BinaryEngine(program).version
        self._is_server_side = int(self.version.removeprefix("v").split(".")[0]) >= _FIRST_SERVER_SIDE
        self._command = Command(
            executable=program.value,
            kubeconfig=access.kubeconfig and access.kubeconfig.resolve(),
            kubecontext=access.context,
        )

    def run(
        self, steps: Iterable[ReleaseStep], chart: Path, options: Options, advance: Callable[[], object]
    ) -> list[Outcome]:
        """Do all steps with one chart, at most `width` at a time; `advance` is called after each.

        Outcomes are in the order of the steps.
        """
        return asyncio.run(self._run(list(steps), chart, options, advance))

    async def _run(
        self, steps: Sequence[ReleaseStep], chart: Path, options: Options, advance: Callable[[], object]
    ) -> list[Outcome]:
        room = asyncio.Semaphore(options.width)

        async def run_one(step: ReleaseStep) -> Outcome:
            async with room:
                outcome = await self._do(step, chart, options)
            advance()
            return outcome

        return list(await asyncio.gather(*(run_one(step) for step in steps)))

    async def _do(self, step: ReleaseStep, chart: Path, options: Options) -> Outcome:
        for action in step.actions:
            try:
                await self._command.run(self._arguments(action, step, chart, options))
            except Error as error:
                words = plain_words(error.stderr.decode(errors="replace")) or "it gives no reason"
                return Outcome(step, failed_release(step.place, action.value, words, service=step.service))
        return Outcome(step, None)

    def _arguments(self, action: Action, step: ReleaseStep, chart: Path, options: Options) -> list[str]:
        common = ["--namespace", step.namespace, "--timeout", options.timeout]
        dry = ["--dry-run=server"] if options.dry_run else []
        match action:
            case Action.CLEAR | Action.UNINSTALL:
                # Helm 3 and 4 take only the plain flag here.
                return ["uninstall", step.service, *common, *(["--dry-run"] if options.dry_run else [])]
            case Action.GO_BACK:
                plain = ["--dry-run"] if options.dry_run and not self._is_server_side else dry
                return ["rollback", step.service, str(step.revision), *common, *self._whole(), *self._kept(), *plain]
            case Action.INSTALL | Action.UPGRADE | Action.REPLACE:
                assert step.values is not None, "installing needs values"
                return [
                    *("upgrade", step.service, str(chart.resolve()), "--install", *common),
                    *("--values", str(step.values.resolve()), "--reset-values", "--hide-notes", *self._kept()),
                    *(self._whole() if action is Action.REPLACE else self._forced()),
                    *(["--create-namespace"] if options.create_namespace else []),
                    *(dry or self._atomic()),
                ]

    def _atomic(self) -> list[str]:
        # There is nothing about a NetworkPolicy to wait for.
        return ["--rollback-on-failure", "--wait=hookOnly"] if self._is_server_side else ["--atomic"]

    def _forced(self) -> list[str]:
        # The release is ours and the plan was shown: whoever else wrote the same fields has no say.
        return ["--server-side=true", "--force-conflicts"] if self._is_server_side else []

    def _whole(self) -> list[str]:
        return ["--force-replace", "--server-side=false"] if self._is_server_side else ["--force"]

    def _kept(self) -> list[str]:
        return ["--history-max", str(_HISTORY)]
