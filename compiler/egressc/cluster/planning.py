"""What has to be done to one release so that it is what the sources give; nothing where it is already."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from egressc.cluster.changing import Action, Phase, ReleaseStep
from egressc.cluster.live import Owner
from egressc.cluster.releases import DEPLOYED, UNINSTALLED, StoredRelease
from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.live import foreign_policy, foreign_release
from egressc.source import Span


@dataclass(frozen=True, slots=True)
class ReleaseTarget:
    """What the sources give for one service or namespace, or for the whole cluster; `service` is its id.

    `text` is what `helm template` prints, `policies` what it names: each by its namespace, empty for one of the whole
    cluster, and its name.
    """

    service: str
    release: str
    namespace: str
    place: Span
    chart: Path
    chart_name: str
    file: Path
    values: Mapping[str, object]
    text: str
    policies: tuple[tuple[str, str], ...]
    phase: Phase = Phase.ALLOW

    @property
    def title(self) -> str:
        """The release as reports name it."""
        return f"{self.namespace}/{self.release}"

    def step(self, *actions: Action, phase: Phase | None = None, revision: int = 0) -> ReleaseStep:
        """What to do to the release, in the phase of the target unless given."""
        when = self.phase if phase is None else phase
        return ReleaseStep(
            self.service, self.release, self.namespace, self.place, actions, when, self.chart, self.file, revision
        )


def plan_install(
    target: ReleaseTarget,
    release: StoredRelease | None,
    *,
    is_edited: bool,
    good_revision: int,
    phase: Phase | None = None,
) -> ReleaseStep | None:
    """The step that brings a release to its target; None where that would change nothing but its revision.

    Args:
        is_edited: a live policy of the release is not what the release says.
        good_revision: the newest revision that was deployed whole; 0 where there is none.
        phase: when to do it, where that is not the target's usual phase.
    """
    actions = _actions(target, release, is_edited, good_revision)
    if not actions:
        return None
    return target.step(*actions, phase=phase, revision=good_revision)


def is_current(target: ReleaseTarget, release: StoredRelease) -> bool:
    """Whether a release is, to the byte, what the sources give now: its values and what the chart makes of them.

    The chart itself is not compared: Helm does not store a release's library charts, and what a chart does to a
    cluster is in the manifest.
    """
    return release.status == DEPLOYED and release.values == target.values and release.text == target.text


def find_conflict(
    target: ReleaseTarget, release: StoredRelease | None, owners: Mapping[tuple[str, str], Owner]
) -> Diagnostic | None:
    """EG646 or EG647 where something that is not ours has the name of the release or of its policy."""
    if release is not None and release.chart != target.chart_name and release.status != UNINSTALLED:
        return foreign_release(target.place, release.title, release.chart, target.chart_name, service=target.service)
    for policy in target.policies:
        owner = owners.get(policy)
        if owner is not None and not owns(target, owner):
            return foreign_policy(target.place, "/".join(filter(None, policy)), _say(owner), service=target.service)
    return None


def owns(target: ReleaseTarget, owner: Owner) -> bool:
    """Whether Helm takes a live policy for one of the target's release."""
    return owner.is_helm and (owner.release, owner.namespace) == (target.release, target.namespace)


def _actions(
    target: ReleaseTarget, release: StoredRelease | None, is_edited: bool, good_revision: int
) -> tuple[Action, ...]:
    upgrade = Action.REPLACE if is_edited else Action.UPGRADE
    match release.status if release is not None else UNINSTALLED:
        case "uninstalled":
            return (Action.INSTALL,)
        case "pending-upgrade" | "pending-rollback" if good_revision:
            return (Action.GO_BACK, Action.UPGRADE)
        case "pending-install" | "pending-upgrade" | "pending-rollback" | "uninstalling":
            return (Action.CLEAR, Action.INSTALL)
        case _:
            assert release is not None, "no release counts as uninstalled"
            return (upgrade,) if is_edited or not is_current(target, release) else ()


def _say(owner: Owner) -> str:
    if owner.release:
        return f"it belongs to release {owner.namespace}/{owner.release}"
    return f"it is managed by {owner.manager}" if owner.manager else "no release owns it"
