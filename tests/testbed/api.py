"""Just enough of a client for the API server: JSON in, JSON out, one connection for each thread."""

import json
import re
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Final

Object = dict[str, Any]

POLICIES: Final = "/apis/networking.k8s.io/v1"
MERGE: Final = "application/merge-patch+json"


@dataclass(eq=False)  # not frozen: contextlib notes its traceback on it
class Refused(Exception):
    """The API server said no; `status` is the HTTP status, the text is its message."""

    status: int
    message: str

    def __str__(self) -> str:
        return f"{self.status}: {self.message}"


class Api:
    """One user at one API server. Raises Refused for every answer that is not a success."""

    def __init__(self, port: int, authority: Path, token: str) -> None:
        self.port = port
        self.authority = authority
        self.token = token
        self._tls = ssl.create_default_context(cafile=str(authority))
        self._local = threading.local()
        self._connections: list[HTTPSConnection] = []

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._connections:
            connection.close()

    def get(self, path: str) -> Object:
        return self._call("GET", path)

    def post(self, path: str, body: Mapping[str, Any]) -> Object:
        return self._call("POST", path, body)

    def put(self, path: str, body: Mapping[str, Any]) -> Object:
        return self._call("PUT", path, body)

    def patch(self, path: str, body: Mapping[str, Any]) -> Object:
        return self._call("PATCH", path, body, MERGE)

    def delete(self, path: str) -> Object:
        return self._call("DELETE", path, {"gracePeriodSeconds": 0})

    def rehearse(self, path: str, body: Mapping[str, Any]) -> list[str]:
        """What the server says against a post, of unknown fields too: its error, or its warnings. Nothing is made."""
        try:
            self._call("POST", f"{path}?dryRun=All&fieldValidation=Strict", body)
        except Refused as refused:
            return [f"error: {refused.message}"]
        return [f"warning: {_text_of(warning)}" for warning in self._local.warnings]

    def is_ready(self) -> bool:
        try:
            self._exchange("GET", "/readyz", None, "application/json")
        except (OSError, HTTPException, Refused):
            return False
        return True

    def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, kind: str = "application/json"
    ) -> Object:
        try:
            text = self._exchange(method, path, body, kind)
        except (ConnectionError, ssl.SSLError, HTTPException):
            # A server may close a connection that was idle; nothing was done then.
            text = self._exchange(method, path, body, kind)
        answer: Object = json.loads(text)
        return answer

    def _exchange(self, method: str, path: str, body: Mapping[str, Any] | None, kind: str) -> bytes:
        connection: HTTPSConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = HTTPSConnection("127.0.0.1", self.port, context=self._tls, timeout=120)
            self._local.connection = connection
            self._connections.append(connection)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind, "Accept": "application/json"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
            self._local.warnings = response.headers.get_all("Warning", [])
        except (OSError, HTTPException):
            connection.close()
            self._local.connection = None
            raise
        if response.status >= 300:
            raise Refused(response.status, _message(text))
        return text


def _text_of(warning: str) -> str:
    """The text in a Warning header, `299 - "text"` (RFC 7234, 5.5)."""
    return re.sub(r"\\(.)", r"\1", warning.partition('"')[2].rpartition('"')[0])


def _message(text: bytes) -> str:
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text.decode("utf-8", errors="replace")
