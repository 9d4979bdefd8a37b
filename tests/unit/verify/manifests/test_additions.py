"""Every kind that carries pods, in manifests as their projects show them: labels, ports with names, selectors."""

from textwrap import dedent

from egressc.diagnostics.core import Report
from egressc.model.label_classes import matches
from egressc.model.ports import say_ports
from egressc.source import Source
from egressc.verify.manifests.reader import Manifests, read_manifests
from support.tables import each

TEMPLATE = """\
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.4
        ports: [{name: http, containerPort: 8080, protocol: TCP}]
"""
OF_TEMPLATE = {"app": "web", "tier": "front"}


def read(text: str) -> tuple[Manifests, list[str]]:
    report = Report()
    found = read_manifests([Source("k8s.yaml", dedent(text))], report, only_workloads=True)
    return found, [f"{it.code.id} {it.message}" for it in report.sorted()]


def manifest(api: str, kind: str, spec: str) -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\nspec:\n{spec}"


@each(
    ("api", "kind", "head"),
    [
        ("apps/v1", "Deployment", "  selector: {matchLabels: {app: web}}\n"),
        ("apps/v1", "StatefulSet", "  serviceName: web\n  selector: {matchLabels: {app: web}}\n"),
        ("apps/v1", "DaemonSet", "  selector: {matchLabels: {app: web}}\n"),
        ("apps/v1", "ReplicaSet", "  replicas: 2\n  selector: {matchLabels: {app: web}}\n"),
        ("v1", "ReplicationController", "  selector: {app: web}\n"),
        ("apps.openshift.io/v1", "DeploymentConfig", "  triggers: [{type: ConfigChange}]\n  selector: {app: web}\n"),
        (
            "argoproj.io/v1alpha1",
            "Rollout",
            "  strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}]}}\n  selector: {matchLabels: {app: web}}\n",
        ),
    ],
)
def test_a_controller_describes_its_pods(api: str, kind: str, head: str) -> None:
    found, problems = read(manifest(api, kind, head + TEMPLATE))
    (web,) = found.workloads
    assert (web.pod.title, web.pod.labels) == (f"{kind} shop/web", OF_TEMPLATE)
    assert [(name, number) for name, _, number in web.pod.ports] == [("http", 8080)]
    assert matches(web.selector, {"app": "web"})
    assert not matches(web.selector, {"app": "other"})
    assert problems == []


def test_a_job_and_the_jobs_of_a_cron_job() -> None:
    job, _ = read(manifest("batch/v1", "Job", TEMPLATE))
    assert job.workloads[0].pod.labels == {
        **OF_TEMPLATE,
        "batch.kubernetes.io/job-name": "web",
        "job-name": "web",
    }
    nested = "  schedule: '0 4 * * *'\n  jobTemplate:\n    spec:\n" + "".join(
        f"    {line}\n" for line in TEMPLATE.splitlines()
    )
    cron, problems = read(manifest("batch/v1", "CronJob", nested))
    assert cron.workloads[0].pod.labels == OF_TEMPLATE
    assert all(it.is_job for it in (*job.workloads, *cron.workloads))
    assert problems == []


MACHINE = """\
  runStrategy: Always
  template:
    metadata: {labels: {app: legacy}}
    spec:
      domain:
        devices:
          disks: [{name: root, disk: {bus: virtio}}]
          interfaces: [{name: default, masquerade: {}, ports: [{name: http, port: 80}, {port: 53, protocol: UDP}]}]
        resources: {requests: {memory: 1Gi}}
      networks: [{name: default, pod: {}}]
      volumes: [{name: root, containerDisk: {image: registry.example.com/fedora:40}}]
"""


def test_pods_of_virtual_machines_have_the_name_of_the_machine() -> None:
    found, problems = read(manifest("kubevirt.io/v1", "VirtualMachine", MACHINE))
    (machine,) = found.workloads
    assert machine.pod.labels == {"app": "legacy", "kubevirt.io": "virt-launcher", "vm.kubevirt.io/name": "web"}
    assert say_ports(machine.ports) == "80/TCP, 53/UDP"
    assert problems == []


def test_an_instance_has_its_own_labels_and_a_set_of_them_a_selector() -> None:
    instance, _ = read("""\
        apiVersion: kubevirt.io/v1
        kind: VirtualMachineInstance
        metadata: {name: old, namespace: shop, labels: {app: old}}
        spec: {domain: {devices: {interfaces: [{name: default, masquerade: {}}]}}}
        """)
    assert instance.workloads[0].pod.labels["app"] == "old"
    assert instance.workloads[0].ports == ()
    spec = "  replicas: 2\n  selector: {matchLabels: {app: legacy}}\n" + MACHINE.partition("\n")[2]
    machines, problems = read(manifest("kubevirt.io/v1", "VirtualMachineInstanceReplicaSet", spec))
    assert matches(machines.workloads[0].selector, {"app": "legacy"})
    assert not matches(machines.workloads[0].selector, {"app": "other"})
    assert problems == []


@each(
    ("containers", "own"),
    [
        ("[{image: registry.example.com/hello}]", 8080),
        ("[{image: registry.example.com/hello, ports: [{name: h2c, containerPort: 9000}]}]", 9000),
    ],
)
def test_requests_reach_a_knative_service_through_its_proxy(containers: str, own: int) -> None:
    spec = f"  template: {{metadata: {{labels: {{app: hello}}}}, spec: {{containers: {containers}}}}}\n"
    found, problems = read(manifest("serving.knative.dev/v1", "Service", spec))
    (web,) = found.workloads
    assert web.pod.title == "KnativeService shop/web"
    assert web.pod.labels == {
        "app": "hello",
        "serving.knative.dev/configuration": "web",
        "serving.knative.dev/service": "web",
    }
    assert say_ports(web.ports) == f"{own}/TCP, 8012/TCP, 8013/TCP, 8112/TCP"
    assert ("user-port", own) in [(name, number) for name, _, number in web.pod.ports]
    assert found.services == ()
    assert problems == []


def test_a_rollout_of_a_deployment_describes_no_pods_itself() -> None:
    spec = "  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n  selector: {matchLabels: {app: web}}\n"
    assert read(manifest("argoproj.io/v1alpha1", "Rollout", spec)) == (Manifests((), (), (), {}), [])


def test_other_kinds_are_left_out_unless_they_show_pods() -> None:
    left_out = manifest("cilium.io/v2", "CiliumNetworkPolicy", "  endpointSelector: {}\n")
    monitor = manifest("monitoring.coreos.com/v1", "ServiceMonitor", "  selector: {}\n")
    assert read(f"{left_out}---\n{monitor}") == (Manifests((), (), (), {}), [])
    _, problems = read(manifest("apps.kruise.io/v1alpha1", "CloneSet", TEMPLATE))
    assert problems == ["EG613 apps.kruise.io/v1alpha1 CloneSet is an unknown kind and is not read"]


@each(
    ("annotation", "is_job"),
    [
        ("helm.sh/hook: pre-install", True),
        ('helm.sh/hook: "post-install, post-upgrade"', True),
        ("helm.sh/hook: test", False),
        ('helm.sh/hook: "test,post-install"', True),
        ("argocd.argoproj.io/hook: PreSync", True),
        ("argocd.argoproj.io/hook: Skip", False),
        ("other: pre-install", False),
    ],
)
def test_hooks_run_at_their_time_and_those_of_helm_test_are_no_jobs(annotation: str, is_job: bool) -> None:
    text = (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: x, annotations: {{{annotation}}}}}\nspec: {{containers: []}}\n"
    )
    assert read(text)[0].workloads[0].is_job is is_job
