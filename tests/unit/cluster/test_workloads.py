"""What runs in a cluster: every kind that this user may list, without what may be long or secret."""

from typing import Any

from egressc.cluster.objects import ObjectKind
from egressc.cluster.workloads import read_live_workloads
from egressc.diagnostics.core import Report
from egressc.verify.manifests.reader import read_manifests
from support.recorded_cluster import RecordedCluster

TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": {"app": "orders"}},
    "spec": {
        "containers": [
            {
                "name": "orders",
                "env": [{"name": "PASSWORD", "value": "hunter2"}],
                "ports": [{"name": "http", "containerPort": 8080}],
            }
        ]
    },
}


def held(api: str, kind: str, name: str, spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec, **more}


OBJECTS = (
    held("apps/v1", "Deployment", "orders", {"template": TEMPLATE}),
    held("v1", "Pod", "done", TEMPLATE["spec"], status={"phase": "Succeeded"}),
    held("v1", "Service", "orders", {"selector": {"app": "orders"}, "ports": [{"port": 80, "targetPort": "http"}]}),
    held("batch/v1", "CronJob", "report", {"jobTemplate": {"spec": {"template": TEMPLATE}}}),
    held("argoproj.io/v1alpha1", "Rollout", "web", {"template": TEMPLATE}),
)


def test_kinds_are_read_as_manifests() -> None:
    report = Report()
    sources, is_whole = read_live_workloads(RecordedCluster(OBJECTS), report)
    found = read_manifests(sources, report, only_workloads=True)
    titles = {it.pod.title for it in found.workloads}
    assert titles == {"Deployment shop/orders", "CronJob shop/report", "Rollout shop/web"}
    assert [it.title for it in found.services] == ["Service shop/orders"]
    assert {it.ports[0].port for it in found.workloads} == {8080}
    assert is_whole
    assert report.sorted() == []
    assert "hunter2" not in "".join(source.text for source in sources)


def test_a_kind_that_may_not_be_listed_is_reported() -> None:
    report = Report()
    sources, is_whole = read_live_workloads(RecordedCluster(OBJECTS, hidden=[ObjectKind.CRON_JOBS]), report)
    assert [it.code.id for it in report.sorted()] == ["EG641"]
    assert not is_whole
    assert len(sources) == len(OBJECTS) - 2
