"""Service accounts with the roles that docs/cluster.md grants, and with nothing else."""

import re
from dataclasses import replace
from typing import Final

import yaml

from cluster.projects import ROOT, Shop
from testbed.api import Api, Object, Refused
from testbed.cluster import ensure_namespace
from testbed.control_plane import write_kubeconfig

_RBAC: Final = "/apis/rbac.authorization.k8s.io/v1"
_HOME: Final = "accounts"
_TOKEN_SECONDS: Final = 3600


def make_token(api: Api, name: str) -> str:
    """A token of a service account that may do nothing yet; the documented roles are there to be bound to it."""
    ensure_namespace(api, _HOME, {})
    _post_once(api, f"/api/v1/namespaces/{_HOME}/serviceaccounts", _named("v1", "ServiceAccount", name))
    for role in _documented_roles():
        _post_once(api, f"{_RBAC}/clusterroles", role)
    spec = {"expirationSeconds": _TOKEN_SECONDS}
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
    token: str = api.post(f"/api/v1/namespaces/{_HOME}/serviceaccounts/{name}/token", asked)["status"]["token"]
    return token


def with_account(shop: Shop, api: Api) -> Shop:
    """The same project with the rights of a service account, which has the name of the project's namespace."""
    token = make_token(api, shop.namespace)
    return replace(shop, kubeconfig=write_kubeconfig(shop.folder / "account", api.port, api.authority, token))


def bind(api: Api, shop: Shop, role: str, *, everywhere: bool, subject: str = "") -> None:
    """Grant one documented role to the service account of a project: in the whole cluster, or in its namespace.

    `subject` is the account, if it has not the name of that namespace.
    """
    kind = "ClusterRoleBinding" if everywhere else "RoleBinding"
    path = f"{_RBAC}/clusterrolebindings" if everywhere else f"{_RBAC}/namespaces/{shop.namespace}/rolebindings"
    binding = {
        **_named("rbac.authorization.k8s.io/v1", kind, f"{role}-{shop.namespace}"),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": subject or shop.namespace, "namespace": _HOME}],
    }
    _post_once(api, path, binding)


def _documented_roles() -> list[Object]:
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)]


def _named(version: str, kind: str, name: str) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}}


def _post_once(api: Api, path: str, body: Object) -> None:
    try:
        api.post(path, body)
    except Refused as error:
        if error.status != 409:
            raise
