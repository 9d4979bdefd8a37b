"""What a cluster holds, as far as this user may read it: policies, pods and namespaces as manifests, and releases."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import yaml

from egressc.cluster.enforcement import read_plugins
from egressc.cluster.further_policies import read_cluster_policies, read_further_policies, read_parts
from egressc.cluster.objects import Object, ObjectKind, ObjectReader, Unread, read_spread
from egressc.cluster.plugins import CILIUM, Plugins
from egressc.cluster.pods import ReadyPod, read_ready
from egressc.cluster.releases import StoredRelease, read_releases
from egressc.source import Source

# The folder in the names of live policies, which are as `kubectl get -o yaml` prints them.
FOLDER = "live"
KeyOf = Callable[[str, str, str, str], tuple[str, str]]
_ENDED = ("Succeeded", "Failed")
_RELEASE_NAME = "meta.helm.sh/release-name"
_RELEASE_NAMESPACE = "meta.helm.sh/release-namespace"
_MANAGED_BY = "app.kubernetes.io/managed-by"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a live policy is, as far as it says: the release that Helm notes on it, else who manages it."""

    release: str
    namespace: str
    manager: str

    @property
    def is_helm(self) -> bool:
        """Whether Helm takes the policy for one of that release."""
        return bool(self.release) and self.manager == "Helm"


@dataclass(frozen=True, slots=True)
class Live:
    """What was read. A part that may not be read is None, and named in `unread`.

    Attributes:
        policies: one source for each, by namespace and name.
        owners: by namespace and name of the policy.
        surroundings: namespaces and running pods, as manifests.
        ready: the pods that take connections, by namespace and name.
        workloads: what a person calls a pod's owner ("Deployment web"), by namespace and name of the pod.
        namespaces: the names of all namespaces that were asked for and exist.
        releases: the current revision of each release, by namespace and name.
    """

    server: str
    policies: Mapping[tuple[str, str], Source]
    owners: Mapping[tuple[str, str], Owner]
    surroundings: tuple[Source, ...]
    ready: Mapping[tuple[str, str], ReadyPod]
    workloads: Mapping[tuple[str, str], str] | None
    namespaces: frozenset[str] | None
    releases: Mapping[tuple[str, str], StoredRelease] | None
    plugins: Plugins | None
    unread: tuple[Unread, ...]


def read_live(
    reader: ObjectReader,
    homes: Collection[str],
    others: Collection[str],
    storage: ObjectKind,
    key_of: KeyOf,
    installed: Collection[ObjectKind] = (),
    cluster_homes: Collection[str] = (),
) -> Live:
    """Read what matters to services in the namespaces `homes`, whose rules name the namespaces `others`.

    Raises ClusterError, and PermissionError where not even the policies may be read.

    Args:
        key_of: the key of a policy by its apiVersion, kind, namespace and name; several kinds may share the last two.
        installed: the kinds of the project's own policies, besides NetworkPolicy.
        cluster_homes: namespaces of releases that hold nothing but policies of the whole cluster.
    """
    wanted = sorted({*homes, *others})
    policies, hidden = read_spread(reader, ObjectKind.POLICIES, wanted)
    if hidden_homes := sorted(set(hidden) & set(homes)):
        raise PermissionError(f"NetworkPolicies in {', '.join(hidden_homes)} cannot be listed")
    unread: list[Unread] = []
    plugins = read_plugins(reader, installed, unread)
    has_cilium = plugins is None or CILIUM in plugins.enforcing
    policies += read_further_policies(reader, homes, wanted, installed, unread, has_cilium=has_cilium)
    policies += read_cluster_policies(reader, installed, unread, has_cilium=has_cilium)
    policies += read_parts(reader, {*homes, *cluster_homes}, installed)

    def key(policy: Object) -> tuple[str, str]:
        return key_of(str(policy.get("apiVersion")), str(policy.get("kind")), *_key(policy))

    namespaces = _read_namespaces(reader, sorted({*wanted, *cluster_homes}), unread)
    pods, hidden_pods = read_spread(reader, ObjectKind.PODS, wanted)
    if hidden_pods:
        unseen = "which selectors match no pod, whose connections may break"
        unread.append(Unread(f"pods in {', '.join(hidden_pods)}", unseen, places_pods=True))
    running = [pod for pod in pods if (pod.get("status") or {}).get("phase") not in _ENDED]
    return Live(
        server=reader.server,
        policies={key(policy): _policy_source(policy, key(policy)) for policy in policies},
        owners={key(policy): _owner(policy) for policy in policies},
        surroundings=(
            Source(f"{FOLDER}/namespaces.yaml", _documents(map(_namespace, namespaces or ()))),
            Source(f"{FOLDER}/pods.yaml", _documents(map(_pod, running))),
        ),
        ready=read_ready(running),
        workloads=None if hidden_pods else {_key(pod): _workload(pod) for pod in running},
        namespaces=None if namespaces is None else frozenset(_key(one)[1] for one in namespaces),
        releases=_read_all_releases(reader, storage, {*homes, *cluster_homes}, unread),
        plugins=plugins,
        unread=tuple(unread),
    )


def _read_namespaces(reader: ObjectReader, wanted: Iterable[str], unread: list[Unread]) -> list[Object] | None:
    listed = reader.everywhere(ObjectKind.NAMESPACES)
    if listed is not None:
        return listed
    unread.append(Unread("namespaces", "which labels they have", places_pods=True))
    try:
        return [found for name in wanted if (found := reader.namespace(name)) is not None]
    except PermissionError:
        return None


def _read_all_releases(
    reader: ObjectReader, storage: ObjectKind, homes: Collection[str], unread: list[Unread]
) -> dict[tuple[str, str], StoredRelease] | None:
    found: dict[tuple[str, str], StoredRelease] = {}
    for home in sorted(homes):
        releases = read_releases(reader, storage, home)
        if releases is None:
            what = "Secrets" if storage is ObjectKind.SECRETS else "ConfigMaps"
            unread.append(
                Unread(f"{what} of Helm's releases in {home}", "what Helm installed, and interrupted operations")
            )
            return None
        found |= {(home, name): release for name, release in releases.items()}
    return found


def _policy_source(policy: Object, key: tuple[str, str]) -> Source:
    metadata = policy.get("metadata") or {}
    kept = {key: metadata[key] for key in ("name", "namespace", "labels", "annotations") if metadata.get(key)}
    # Every field of the spec: one that is unknown here is for the reader of policies to refuse.
    shown = {**{key: value for key, value in policy.items() if key != "status"}, "metadata": kept}
    text = yaml.dump(shown, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1000)
    return Source(f"{'/'.join(filter(None, (FOLDER, *key)))}.yaml", text)


def _owner(policy: Object) -> Owner:
    metadata = policy.get("metadata") or {}
    annotations, labels = metadata.get("annotations") or {}, metadata.get("labels") or {}
    return Owner(
        str(annotations.get(_RELEASE_NAME) or ""),
        str(annotations.get(_RELEASE_NAMESPACE) or ""),
        str(labels.get(_MANAGED_BY) or ""),
    )


def _namespace(namespace: Object) -> Object:
    metadata = namespace.get("metadata") or {}
    kept = {"name": metadata.get("name"), "labels": metadata.get("labels") or {}}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": kept}


def _pod(pod: Object) -> Object:
    """What of a pod matters to policies; the rest is long."""
    metadata, spec = pod.get("metadata") or {}, pod.get("spec") or {}
    kept = {key: metadata.get(key) for key in ("name", "namespace", "labels")}
    containers = {
        key: [{part: one.get(part) for part in ("ports", "restartPolicy") if one.get(part)} for one in spec[key]]
        for key in ("containers", "initContainers")
        if spec.get(key)
    }
    shown = {**containers, **({"hostNetwork": True} if spec.get("hostNetwork") else {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": kept, "spec": shown}


def _workload(pod: Object) -> str:
    """The controller of a pod; a ReplicaSet that a Deployment made is named by the Deployment."""
    metadata = pod.get("metadata") or {}
    owner = next((one for one in metadata.get("ownerReferences") or () if one.get("controller")), None)
    if owner is None:
        return f"Pod {metadata.get('name')}"
    kind, name = str(owner.get("kind")), str(owner.get("name"))
    hashed = str((metadata.get("labels") or {}).get("pod-template-hash") or "")
    if kind == "ReplicaSet" and hashed and name.endswith(f"-{hashed}"):
        return f"Deployment {name.removesuffix(f'-{hashed}')}"
    return f"{kind} {name}"


def _documents(objects: Iterable[Object]) -> str:
    return "".join(f"---\n{json.dumps(one)}\n" for one in objects)


def _key(object: Object) -> tuple[str, str]:
    metadata = object.get("metadata") or {}
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
