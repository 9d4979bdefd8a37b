"""All pods of a cluster, as they come, change and go: a list, then the API server's watch, from a thread."""

import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final, Self

from testbed.api import Api, Object, Refused

_PATH: Final = "/api/v1/pods"
_WATCH_SECONDS: Final = 300
_REST_SECONDS: Final = 0.2


class PodWatch:
    """Calls `changed` with each pod, and `gone` with each that is no more, in one thread, from entering to leaving.

    A pod may come more than once in the same state, and one that went while the watch was broken off may come as gone
    late: both are for the receiver to bear, as they are for a kubelet.
    """

    def __init__(self, api: Api, changed: Callable[[Object], None], gone: Callable[[Object], None]) -> None:
        self._api = api
        self._changed = changed
        self._gone = gone
        self._tls = ssl.create_default_context(cafile=str(api.authority))
        self._known: dict[str, Object] = {}
        self._ends = threading.Event()
        self._connection: HTTPConnection | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        if (connection := self._connection) is not None and connection.sock is not None:
            # Closing alone would leave the thread waiting for the next line; TLS would wait for the other side.
            with suppress(OSError):
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
        self._thread.join()

    def _run(self) -> None:
        while not self._ends.is_set():
            with suppress(OSError, HTTPException, ValueError, Refused):
                self._watch(self._list())
            self._ends.wait(_REST_SECONDS)

    def _list(self) -> str:
        answer = self._api.get(_PATH)
        listed = {pod["metadata"]["uid"]: pod for pod in answer["items"]}
        for uid in self._known.keys() - listed.keys():
            self._gone(self._known.pop(uid))
        for uid, pod in listed.items():
            self._known[uid] = pod
            self._changed(pod)
        return str(answer["metadata"]["resourceVersion"])

    def _watch(self, version: str) -> None:
        """Until the server ends it, or leaving does."""
        made = HTTPSConnection("127.0.0.1", self._api.port, context=self._tls, timeout=_WATCH_SECONDS + 30)
        self._connection = made
        try:
            if self._ends.is_set():
                return
            query = f"watch=1&resourceVersion={version}&timeoutSeconds={_WATCH_SECONDS}"
            made.request("GET", f"{_PATH}?{query}", headers={"Authorization": f"Bearer {self._api.token}"})
            response = made.getresponse()
            while line := response.readline():
                self._hear(json.loads(line))
        finally:
            made.close()

    def _hear(self, event: Object) -> None:
        pod = event["object"]
        if event["type"] == "ERROR":
            raise ValueError(f"the watch is over: {pod.get('message')}")
        uid = pod["metadata"]["uid"]
        if event["type"] == "DELETED":
            self._known.pop(uid, None)
            self._gone(pod)
        else:
            self._known[uid] = pod
            self._changed(pod)
