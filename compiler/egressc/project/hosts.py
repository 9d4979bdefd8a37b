"""Host names in questions: `host:api.example.com`, and names of Services inside the cluster."""

import re
from typing import NamedTuple

from egressc.model.scalars import host_name_problem
from egressc.project.usage import UsageProblem

_HOST = re.compile(r"host:(?P<host>\S+)\Z")
# Kubernetes DNS: NAME.NAMESPACE.svc, then the cluster's domain; a pod of a headless Service has its name before these.
_INSIDE = re.compile(r"(?:[^.]+\.)?(?P<service>[^.]+)\.(?P<namespace>[^.]+)\.svc(?:\..+)?\Z")


class Inside(NamedTuple):
    """The Service that a name inside the cluster belongs to."""

    namespace: str
    service: str


def read_host(text: str) -> str | None:
    """The name behind `host:` as DNS compares it: in lower case, without its last dot; None for other text.

    Raises UsageProblem for what is no name of one host.
    """
    written = _HOST.match(text)
    if written is None:
        return None
    host = written["host"].lower().removesuffix(".")
    if problem := host_name_problem(host):
        raise UsageProblem(f'"{text}" {problem}; write one name, as in "host:api.example.com"')
    return host


def looks_like_host(text: str) -> bool:
    return "." in text and host_name_problem(text.lower()) is None


def find_inside(host: str) -> Inside | None:
    """The Service that a host name stands for; None for a name outside the cluster."""
    found = _INSIDE.match(host)
    return Inside(found["namespace"], found["service"]) if found else None
