"""Helm releases as Helm stores them: one Secret or ConfigMap for each revision.

Source: helm pkg/storage/driver, the same in Helm 3 and 4: labels owner=helm, name, status and version; under the key
`release` JSON, compressed by gzip, in base64 (a Secret adds its own base64 around it).
"""

import base64
import binascii
import gzip
import json
import os
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from egressc.cluster.objects import Object, ObjectKind, ObjectReader

# Helm's words for an operation that has not ended, and the one for a good end.
PENDING = frozenset(("pending-install", "pending-upgrade", "pending-rollback", "uninstalling"))
DEPLOYED = "deployed"
FAILED = "failed"
# What `helm uninstall --keep-history` leaves: revisions to go back to, and nothing installed.
UNINSTALLED = "uninstalled"
# A revision that was deployed once, and can be gone back to.
SUPERSEDED = "superseded"
_LATEST = "owner=helm,status!=superseded"
# A helm whose egressc was killed ends by itself in about a second; what is pending for longer, nobody will finish.
_PATIENCE = timedelta(seconds=20)
_UNFINISHED = f"owner=helm,status in ({','.join(sorted(PENDING))})"


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """One revision. `text` is what `helm template` prints for it, hooks included.

    `since`: when its operation began; None where it does not say.
    """

    name: str
    namespace: str
    revision: int
    status: str
    chart: str
    chart_version: str
    values: Mapping[str, object]
    manifest: str
    text: str
    since: datetime | None

    @property
    def title(self) -> str:
        return f"{self.namespace}/{self.name}"


def storage_driver() -> str:
    """Where Helm keeps releases, by its own variable; empty for its default."""
    return os.environ.get("HELM_DRIVER", "")


def storage_kind(driver: str) -> ObjectKind | None:
    """Where releases are, by what HELM_DRIVER says; None for a place that is not in the cluster."""
    return {"": ObjectKind.SECRETS, "secret": ObjectKind.SECRETS, "secrets": ObjectKind.SECRETS}.get(driver) or {
        "configmap": ObjectKind.CONFIG_MAPS,
        "configmaps": ObjectKind.CONFIG_MAPS,
    }.get(driver)


def read_releases(reader: ObjectReader, kind: ObjectKind, namespace: str) -> dict[str, StoredRelease] | None:
    """The current revision of each release of a namespace, by name; None where this user may not read them."""
    found = reader.within(kind, namespace, labels=_LATEST)
    return None if found is None else latest(read_stored(found))


def read_history(reader: ObjectReader, kind: ObjectKind, namespace: str, name: str) -> list[StoredRelease] | None:
    """All stored revisions of one release, oldest first; None where this user may not read them."""
    found = reader.within(kind, namespace, labels=f"owner=helm,name={name}")
    return None if found is None else sorted(read_stored(found), key=lambda release: release.revision)


def read_pending(reader: ObjectReader, kind: ObjectKind, namespace: str) -> list[StoredRelease]:
    """The revisions in a namespace whose operation has not ended, as far as this user may read them."""
    return read_stored(reader.within(kind, namespace, labels=_UNFINISHED) or [])


def latest(releases: Iterable[StoredRelease]) -> dict[str, StoredRelease]:
    """The newest revision of each name."""
    newest: dict[str, StoredRelease] = {}
    for release in releases:
        known = newest.get(release.name)
        if known is None or release.revision > known.revision:
            newest[release.name] = release
    return newest


def read_stored(objects: Iterable[Object]) -> list[StoredRelease]:
    """The releases in these Secrets or ConfigMaps; what Helm could not read either is left out."""
    read = (_read(stored) for stored in objects)
    return [release for release in read if release is not None]


def _read(stored: Object) -> StoredRelease | None:
    data = str((stored.get("data") or {}).get("release") or "")
    try:
        packed = base64.b64decode(data)
        if stored.get("kind") == "Secret":
            packed = base64.b64decode(packed)
        release: Any = json.loads(gzip.decompress(packed))
        info, metadata = release["info"], release["chart"]["metadata"]
        manifest = str(release["manifest"])
        return StoredRelease(
            name=str(release["name"]),
            namespace=str(release["namespace"]),
            revision=int(release["version"]),
            status=str(info["status"]),
            chart=str(metadata["name"]),
            chart_version=str(metadata["version"]),
            values=release.get("config") or {},
            manifest=manifest,
            text=_text(manifest, release.get("hooks") or ()),
            since=_time(info.get("last_deployed")),
        )
    except (binascii.Error, OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def _text(manifest: str, hooks: Iterable[Mapping[str, Any]]) -> str:
    parts = [f"---\n# Source: {hook['path']}\n{hook['manifest']}\n" for hook in hooks]
    return f"{manifest.strip()}\n{''.join(parts)}"


def _time(text: object) -> datetime | None:
    """Go's RFC 3339 with nanoseconds, of which Python takes six digits."""
    if not isinstance(text, str) or len(text) < len("2006-01-02T15:04:05Z"):
        return None
    try:
        moment = datetime.fromisoformat(text[:19])
        zone = text[19:].lstrip(".0123456789")
        shift = datetime.fromisoformat(f"2000-01-01T00:00:00{zone.replace('Z', '+00:00')}").utcoffset()
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) - shift if shift is not None else moment.replace(tzinfo=UTC)


def wait_for_pending(reader: ObjectReader, kind: ObjectKind, namespaces: Collection[str]) -> None:
    """Wait while an operation that began a moment ago may still be running there."""
    while any(_may_be_running(read_pending(reader, kind, it)) for it in namespaces):
        time.sleep(0.5)


def _may_be_running(pending: Iterable[StoredRelease]) -> bool:
    now = datetime.now(UTC)
    return any(it.since is not None and now - it.since < _PATIENCE for it in pending)
