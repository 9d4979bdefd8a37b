"""Real connections, many at a time: each with a fresh socket out of a pod's namespace, answered or not.

TCP is answered when the server says its name; UDP when what was sent comes back, asked several times. Silence until the
end of the time, twice, is silence for both. A refusal means that nothing listens there: that is a mistake of the test.
"""

import errno
import selectors
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from testbed.network import inside

# Linux sends a second SYN after one second, a third after three.
_PATIENCE_SECONDS: Final = 1.6
_ASK_AGAIN_SECONDS: Final = 0.4
_WAVE: Final = 400


@dataclass(frozen=True)
class Attempt:
    """One connection: from a namespace (an open file) to an address."""

    source: int
    address: str
    protocol: str
    port: int


class Outcome(StrEnum):
    ANSWERED = "answered"
    SILENT = "silent"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Observed:
    outcome: Outcome
    answerer: str = ""

    @property
    def is_allowed(self) -> bool:
        return self.outcome is Outcome.ANSWERED


_BY_ERROR: Final = {
    errno.ECONNREFUSED: Outcome.REFUSED,
    errno.EHOSTUNREACH: Outcome.UNREACHABLE,
    errno.ENETUNREACH: Outcome.UNREACHABLE,
    errno.EPERM: Outcome.UNREACHABLE,
}


def probe(attempts: Sequence[Attempt]) -> list[Observed]:
    """Try each connection, in waves, and say what came of it, in order; what is silent is tried a second time."""
    observed = _try_once(attempts)
    silent = [index for index, one in enumerate(observed) if one.outcome is Outcome.SILENT]
    for index, again in zip(silent, _try_once([attempts[index] for index in silent]), strict=True):
        observed[index] = again
    return observed


def _try_once(attempts: Sequence[Attempt]) -> list[Observed]:
    waves = (attempts[start : start + _WAVE] for start in range(0, len(attempts), _WAVE))
    return [one for wave in waves for one in _Wave(wave).run()]


@dataclass
class _Wave:
    attempts: Sequence[Attempt]
    _results: dict[int, Observed] = field(default_factory=dict)

    def run(self) -> list[Observed]:
        sockets = {index: made for namespace in self._sources() for index, made in self._open(namespace).items()}
        with selectors.DefaultSelector() as selector:
            for index, made in sockets.items():
                if index not in self._results:
                    selector.register(made, selectors.EVENT_READ, index)
            self._listen(selector, sockets)
        for made in sockets.values():
            made.close()
        silence = Observed(Outcome.SILENT)
        return [self._results.get(index, silence) for index in range(len(self.attempts))]

    def _sources(self) -> Iterator[int]:
        yield from sorted({attempt.source for attempt in self.attempts})

    def _open(self, namespace: int) -> Mapping[int, socket.socket]:
        numbered = [(index, one) for index, one in enumerate(self.attempts) if one.source == namespace]
        return inside(namespace, lambda: {index: self._start(index, attempt) for index, attempt in numbered})

    def _start(self, index: int, attempt: Attempt) -> socket.socket:
        family = socket.AF_INET6 if ":" in attempt.address else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM if attempt.protocol == "TCP" else socket.SOCK_DGRAM)
        made.setblocking(False)
        number = made.connect_ex((attempt.address, attempt.port))
        if number not in (0, errno.EINPROGRESS):
            self._fail(index, OSError(number, ""))
        return made

    def _listen(self, selector: selectors.BaseSelector, sockets: Mapping[int, socket.socket]) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        next_question = 0.0
        while len(self._results) < len(self.attempts) and (now := time.monotonic()) < end:
            if now >= next_question:
                self._ask(sockets)
                next_question = now + _ASK_AGAIN_SECONDS
            for key, _ in selector.select(min(end, next_question) - now):
                self._hear(key.data, sockets[key.data])
                selector.unregister(key.fileobj)

    def _ask(self, sockets: Mapping[int, socket.socket]) -> None:
        for index, attempt in enumerate(self.attempts):
            if attempt.protocol == "UDP" and index not in self._results:
                try:
                    sockets[index].send(str(index).encode())
                except OSError as error:
                    self._fail(index, error)

    def _hear(self, index: int, heard: socket.socket) -> None:
        attempt = self.attempts[index]
        try:
            text = heard.recv(2048).decode()
        except OSError as error:
            self._fail(index, error)
            return
        name, _, echo = text.partition(":") if attempt.protocol == "UDP" else (text, "", str(index))
        answered = bool(name) and echo == str(index)
        self._results[index] = Observed(Outcome.ANSWERED, name) if answered else Observed(Outcome.SILENT)

    def _fail(self, index: int, error: OSError) -> None:
        outcome = _BY_ERROR.get(error.errno or 0)
        if outcome is None:
            raise error
        self._results[index] = Observed(outcome)
