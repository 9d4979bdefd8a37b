"""One operation on releases from its plan to its outcome: show the effect, ask, carry out, look again."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from egressc.cluster.changing import Changer, Options
from egressc.cluster.objects import ObjectReader
from egressc.diagnostics.core import Report
from egressc.fleet.fleet import Fleet, read_fleet
from egressc.fleet.operations import Operation, await_pending, failures_of, look_again
from egressc.fleet.preview import effect_lines, find_effect
from egressc.project.compiling import Compiled

Plan = Callable[[Fleet, ObjectReader, Report], Operation]


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads: `question` before the operation, `doing` while it runs, `done` after it."""

    doing: str
    question: str
    done: str


class Person(Protocol):
    """Whoever watches."""

    def say(self, sentence: str) -> None: ...

    def agrees(self, question: str) -> bool: ...

    def working(self, sentence: str) -> AbstractContextManager[object]: ...

    def counting(self, total: int, sentence: str) -> AbstractContextManager[Callable[[], object]]: ...


def change_fleet(
    compiled: Compiled,
    ids: Sequence[str],
    plan: Plan,
    words: Words,
    changer: Changer,
    options: Options,
    reader: ObjectReader,
    person: Person,
    report: Report,
    *,
    looks_again: bool,
) -> None:
    """Carry out what is planned for services, once a person agrees.

    Reports what reading the cluster and each step give. Raises ClusterError, EngineError.

    Args:
        looks_again: compare the cluster with the sources afterwards.
    """
    with person.working("waiting for an operation that has just started"):
        await_pending(compiled, ids, reader)
    with person.working("reading the cluster"):
        fleet = read_fleet(compiled, ids, reader, report)
    if fleet is None:
        return
    operation = plan(fleet, reader, report)
    for line in (f"{fleet.live.server}: {operation.summary}", *operation.lines):
        person.say(line)
    if not operation.steps:
        return
    for line in effect_lines(find_effect(fleet, operation.leaving, operation.coming)):
        person.say(line)
    if not options.dry_run and not person.agrees(words.question):
        person.say("nothing was changed")
        return
    count = len(operation.steps)
    with person.counting(count, f"{words.doing} with Helm {changer.version}") as advance:
        failed = failures_of(changer.run(operation.steps, options, advance, removes=operation.removes), report)
    tried = f"would be {words.done}" if options.dry_run else words.done
    same = "" if operation.unchanged is None else f", {operation.unchanged} unchanged"
    person.say(f"{count - failed} {tried}, {failed} failed{same}")
    if not options.dry_run and looks_again:
        with person.working("checking again"):
            look_again(compiled, operation.steps, reader, report)
