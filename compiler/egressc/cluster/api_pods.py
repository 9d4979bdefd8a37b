"""Pods that are made, looked at and taken away through the official client."""

import json

from egressc.cluster.api import AbsentError, ApiReader, RefusedError
from egressc.cluster.objects import Object
from egressc.cluster.probing import PodRefused

_API = "CoreV1Api"
# A log of a thousand connections has some 200 KB; what is longer was not written by the probing script.
_MOST_LOG_BYTES = 4 << 20


class ApiPods:
    """The pods of one cluster (see `probing.Pods`)."""

    def __init__(self, reader: ApiReader) -> None:
        self._reader = reader

    def create(self, namespace: str, manifest: Object) -> None:
        try:
            self._reader.call(_API, "create_namespaced_pod", namespace, manifest)
        except (RefusedError, AbsentError, PermissionError) as error:
            raise PodRefused(str(error)) from error

    def read(self, namespace: str, name: str) -> Object | None:
        try:
            found: Object = json.loads(self._reader.call(_API, "read_namespaced_pod", name, namespace))
        except AbsentError:
            return None
        return found

    def log(self, namespace: str, name: str) -> str:
        try:
            text = self._reader.call(_API, "read_namespaced_pod_log", name, namespace, limit_bytes=_MOST_LOG_BYTES)
        except (RefusedError, AbsentError):
            return ""  # no container of it ever started
        return text.decode(errors="replace")

    def delete(self, namespace: str, name: str) -> None:
        try:
            self._reader.call(_API, "delete_namespaced_pod", name, namespace, grace_period_seconds=0)
        except AbsentError:
            return
