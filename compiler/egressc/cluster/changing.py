"""Changing releases through the helm binary, several at once: each alone is atomic, and none spoils another."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from itertools import groupby
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
    CLEAR = "remove"
    GO_BACK = "roll back"
    UNINSTALL = "uninstall"


class Phase(IntEnum):
    """When a release is changed, so that no allowed connection fails on the way: what lets in, what lets out, and last
    what closes whole namespaces. OPEN is for such a one that only opens. Removal goes the other way round.

    CLUSTER, what is for the whole cluster, comes first and goes last. Guardrails deny nothing that a row may allow, so
    no service has to wait for the others to be closed by them; and what they deny is closed, and stays closed, whatever
    fails or is broken off on the way. Nothing waits for these releases: if one fails, all the others are still changed.
    """

    CLUSTER = auto()
    OPEN = auto()
    INGRESS = auto()
    ALLOW = auto()
    DENY = auto()


@dataclass(frozen=True, slots=True)
class ReleaseStep:
    """What is to be done to one release, in order; the first failure ends it. `revision` is what GO_BACK goes to.

    `service` is the id of the service or namespace, or of a release for the whole cluster; `values` is its file.
    """

    service: str
    release: str
    namespace: str
    place: Span
    actions: tuple[Action, ...]
    phase: Phase
    chart: Path
    values: Path
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
        self, steps: Iterable[ReleaseStep], options: Options, advance: Callable[[], object], *, removes: bool = False
    ) -> list[Outcome]:
        """Do all steps, phase by phase, at most `width` at a time; `advance` is called after each.

        A namespace in which a service failed is not closed, and one that stays closed keeps its services. `removes`:
        from the last phase to the first. Outcomes are in the order in which the steps were taken.
        """
        return asyncio.run(self._run(sorted(steps, key=lambda it: it.phase, reverse=removes), options, advance))

    async def _run(
        self, steps: Sequence[ReleaseStep], options: Options, advance: Callable[[], object]
    ) -> list[Outcome]:
        room = asyncio.Semaphore(options.width)
        failed: list[ReleaseStep] = []

        async def run_one(step: ReleaseStep) -> Outcome:
            async with room:
                before = (it.release for it in failed if it.namespace == step.namespace and _depends(step, it))
                outcome = await self._do(step, options, next(before, ""))
            advance()
            return outcome

        outcomes: list[Outcome] = []
        for _, phase in groupby(steps, key=lambda it: it.phase):
            done = await asyncio.gather(*(run_one(step) for step in phase))
            outcomes += done
            failed += [it.step for it in done if it.problem is not None]
        return outcomes

    async def _do(self, step: ReleaseStep, options: Options, failed: str) -> Outcome:
        if failed:
            words = f'not tried, because release "{failed}" in its namespace failed'
            return Outcome(step, failed_release(step.place, step.actions[0].value, words, service=step.service))
        for action in step.actions:
            try:
                await self._command.run(self._arguments(action, step, options))
            except Error as error:
                words = plain_words(error.stderr.decode(errors="replace")) or "no reason given"
                return Outcome(step, failed_release(step.place, action.value, words, service=step.service))
        return Outcome(step, None)

    def _arguments(self, action: Action, step: ReleaseStep, options: Options) -> list[str]:
        common = ["--namespace", step.namespace, "--timeout", options.timeout]
        dry = ["--dry-run=server"] if options.dry_run else []
        match action:
            case Action.CLEAR | Action.UNINSTALL:
                # Helm 3 and 4 take only the plain flag here.
                return ["uninstall", step.release, *common, *(["--dry-run"] if options.dry_run else [])]
            case Action.GO_BACK:
                plain = ["--dry-run"] if options.dry_run and not self._is_server_side else dry
                return ["rollback", step.release, str(step.revision), *common, *self._whole(), *self._kept(), *plain]
            case Action.INSTALL | Action.UPGRADE | Action.REPLACE:
                return [
                    *("upgrade", step.release, str(step.chart.resolve()), "--install", *common),
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


def _depends(step: ReleaseStep, earlier: ReleaseStep) -> bool:
    """Whether a step has to wait for another one in its namespace: what closes, for what allows, and for removal."""
    phases = (step.phase, earlier.phase)
    return Phase.DENY in phases and Phase.CLUSTER not in phases
