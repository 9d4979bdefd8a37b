"""A stand-in for GitLab's notes of one merge request, over HTTP on loopback."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

NOTES = "/api/v4/projects/7/merge_requests/3/notes"
ME = {"id": 9}
TOKEN = "glpat-of-the-test"  # noqa: S105  of nobody


@dataclass
class Notes:
    url: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serve_notes() -> Iterator[Notes]:
    held = Notes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            if path == "/api/v4/user":
                self.answer(ME)
                return
            assert (path, parse_qs(query)["sort"]) == (NOTES, ["asc"])
            self.answer(held.notes)

        def do_POST(self) -> None:
            assert self.path == NOTES
            held.notes.append({"id": 100 + len(held.notes), "body": self.body(), "author": ME})
            self.answer(held.notes[-1], 201)

        def do_PUT(self) -> None:
            (note,) = (it for it in held.notes if self.path == f"{NOTES}/{it['id']}")
            note["body"] = self.body()
            self.answer(note)

        def body(self) -> str:
            (body,) = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["body"]
            return body

        def answer(self, document: object, status: int = 200) -> None:
            is_known = self.headers["PRIVATE-TOKEN"] == TOKEN
            self.send_response(status if is_known else 401)
            self.end_headers()
            self.wfile.write(json.dumps(document if is_known else []).encode())

        def log_message(self, *_: object) -> None:
            """Nothing: the output belongs to the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        held.url = f"http://127.0.0.1:{server.server_port}/api/v4"
        yield held
        server.shutdown()
