"""Pods that probe: made of rendered hooks, run to an end, and taken away whatever comes between."""

from collections.abc import Callable
from typing import Any

import pytest

from egressc.cluster.objects import Object
from egressc.cluster.probing import (
    RUN_LABEL,
    Ended,
    Patience,
    PodOwner,
    PodRefused,
    PodsFailed,
    ProbePod,
    make_pods,
    remove_leftovers,
    run_pods,
)
from support.recorded_cluster import RecordedCluster, pod
from support.recorded_pods import RecordedPods
from support.tables import each

HOOKS = """\
---
apiVersion: v1
kind: Pod
metadata:
  name: "web-probe-control"
  labels: {network-policy/role: control}
  annotations: {network-policy/role: control, helm.sh/hook: test, helm.sh/hook-weight: "0", team: shop}
spec: {containers: [{name: probe, args: [control, x, "3", "3", "5"]}]}
---
apiVersion: v1
kind: Pod
metadata:
  name: "web-probe"
  namespace: shop
  labels: {app: web}
  annotations: {network-policy/role: subject, helm.sh/hook: test}
spec: {containers: [{name: probe, args: [subject, x, "3", "3", "5"]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other}
---
"""


def made() -> list[ProbePod]:
    return make_pods(HOOKS, "web", "shop", PodOwner("networking.k8s.io/v1", "NetworkPolicy", "web", "uid-1"), "0a1b2c")


def patience(on_sleep: Callable[[], None] = lambda: None, seconds: float = 3600) -> Patience:
    return Patience(seconds, sleep=lambda pause: on_sleep())


def test_pods_are_the_charts_under_names_of_their_own() -> None:
    control, subject = made()
    assert (control.role, control.namespace, control.name) == ("control", "shop", "web-probe-control-0a1b2c")
    assert (subject.role, subject.name) == ("subject", "web-probe-0a1b2c")
    assert subject.manifest["spec"] == {"containers": [{"name": "probe", "args": ["subject", "x", "3", "3", "5"]}]}
    assert subject.manifest["metadata"]["labels"] == {"app": "web", RUN_LABEL: "web"}


def test_helm_takes_them_for_no_hooks_of_its_own() -> None:
    assert made()[0].manifest["metadata"]["annotations"] == {"network-policy/role": "control", "team": "shop"}


def test_the_policy_owns_them_so_no_controller_adopts_them() -> None:
    (owner,) = made()[1].manifest["metadata"]["ownerReferences"]
    assert owner == {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "name": "web",
        "uid": "uid-1",
        "controller": True,
        "blockOwnerDeletion": False,
    }


def test_a_long_name_keeps_within_a_host_name() -> None:
    (_, subject) = make_pods(HOOKS.replace("web-probe", "w" * 56 + "-.probe"), "web", "shop", None, "0a1b2c")
    assert subject.name == "w" * 56 + "-0a1b2c"
    assert "ownerReferences" not in subject.manifest["metadata"]


def test_both_logs_come_back_and_both_pods_go() -> None:
    pods = RecordedPods(logs={"control": "one", "subject": "two"})
    assert run_pods(pods, made(), patience()) == {"control": Ended("one", ""), "subject": Ended("two", "")}
    assert pods.held == {}
    assert pods.deleted == ["web-probe-control-0a1b2c", "web-probe-0a1b2c"]


def test_pods_are_looked_at_until_they_end() -> None:
    pods = RecordedPods(status={"phase": "Pending"})
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            pods.status = {"phase": "Running"}
        elif looks == 5:
            pods.status = {"phase": "Failed"}

    assert set(run_pods(pods, made(), patience(look))) == {"control", "subject"}
    assert looks == 5


def waits(reason: str, message: str = "", **rest: Any) -> dict[str, Any]:
    state = {"waiting": {"reason": reason, "message": message}}
    return {"phase": "Pending", "containerStatuses": [{"state": state}], **rest}


UNSCHEDULABLE = {
    "phase": "Pending",
    "conditions": [
        {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes are available"}
    ],
}


@each(
    ("status", "words"),
    [
        (waits("ImagePullBackOff", "Back-off pulling image"), "ImagePullBackOff: Back-off pulling image"),
        (waits("ErrImagePull", "no such host"), "ErrImagePull: no such host"),
        (waits("InvalidImageName"), "InvalidImageName"),
        (waits("CreateContainerConfigError", "runs as root"), "CreateContainerConfigError: runs as root"),
    ],
)
def test_what_no_waiting_brings_is_not_waited_for(status: dict[str, Any], words: str) -> None:
    pods = RecordedPods(status=status)
    with pytest.raises(PodsFailed, match=words):
        run_pods(pods, made(), patience())
    assert pods.held == {}


def test_a_pull_may_fail_once() -> None:
    pods = RecordedPods(status=waits("ErrImagePull", "timeout"))

    def succeed() -> None:
        pods.status = {"phase": "Succeeded"}

    assert set(run_pods(pods, made(), patience(succeed))) == {"control", "subject"}


def test_in_the_end_a_pod_says_itself_why_it_does_not_run() -> None:
    pods = RecordedPods(status=UNSCHEDULABLE)
    with pytest.raises(PodsFailed, match="Unschedulable: 0/3 nodes are available"):
        run_pods(pods, made(), patience(seconds=-1))
    assert pods.held == {}
    pods = RecordedPods(status={})
    with pytest.raises(PodsFailed, match="not scheduled"):
        run_pods(pods, made(), patience(seconds=-1))


def test_why_a_pod_ended_is_kept() -> None:
    late = {"phase": "Failed", "reason": "DeadlineExceeded", "message": "Pod was active for too long"}
    ended = run_pods(RecordedPods(status=late), made(), patience())
    assert ended["subject"].reason == "DeadlineExceeded: Pod was active for too long"
    killed = {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"reason": "OOMKilled"}}}]}
    assert run_pods(RecordedPods(status=killed), made(), patience())["control"].reason == "OOMKilled"
    failed = {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"reason": "Error", "exitCode": 1}}}]}
    assert run_pods(RecordedPods(status=failed), made(), patience())["control"].reason == ""


def test_a_pod_that_somebody_takes_away_ends_the_run() -> None:
    pods = RecordedPods(status={"phase": "Running"})
    with pytest.raises(PodsFailed, match="shop/web-probe-control-0a1b2c was removed"):
        run_pods(pods, made(), patience(pods.held.clear))


def test_a_refusal_leaves_nothing_behind() -> None:
    class Reluctant(RecordedPods):
        def create(self, namespace: str, manifest: Object) -> None:
            if self.made:
                raise PodRefused("violates PodSecurity")
            super().create(namespace, manifest)

    pods = Reluctant()
    with pytest.raises(PodRefused, match="violates PodSecurity"):
        run_pods(pods, made(), patience())
    assert pods.held == {}


def test_an_interrupt_leaves_nothing_behind() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    pods = RecordedPods(status={"phase": "Running"})
    with pytest.raises(KeyboardInterrupt):
        run_pods(pods, made(), patience(interrupt))
    assert pods.held == {}


def test_a_pod_that_may_not_be_deleted_hides_no_result() -> None:
    class Stubborn(RecordedPods):
        def delete(self, namespace: str, name: str) -> None:
            raise PermissionError(name)

    assert set(run_pods(Stubborn(), made(), patience())) == {"control", "subject"}


def test_leftovers_of_this_service_go_and_nothing_else() -> None:
    cluster = RecordedCluster(
        (
            pod("shop", "web-probe-1", {"app": "web", RUN_LABEL: "web"}),
            pod("shop", "orders-probe-1", {RUN_LABEL: "orders"}),
            pod("shop", "web-1", {"app": "web"}),
            pod("data", "web-probe-2", {RUN_LABEL: "web"}),
        )
    )
    pods = RecordedPods()
    assert remove_leftovers(cluster, pods, "shop", "web") == 1
    assert pods.deleted == ["web-probe-1"]
