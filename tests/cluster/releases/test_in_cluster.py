"""egressc as a Job of the cluster runs it: no kubeconfig, but the token, the authority and the variables of a pod."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from cluster.accounts import bind, make_token
from cluster.projects import Shop, policies
from testbed.api import Api

# Where a kubelet mounts them is fixed, so each run has a /var/run of its own, as a container has.
_MOUNT: Final = """
set -e
mount -t tmpfs tmpfs /var/run
mkdir -p /var/run/secrets/kubernetes.io
cp -r "$1" /var/run/secrets/kubernetes.io/serviceaccount
shift
exec "$@"
"""


@pytest.fixture
def account(shop: Shop, api: Api) -> Path:
    """A folder with what a kubelet puts into a pod of a service account that may do nothing yet."""
    folder = shop.folder / "serviceaccount"
    folder.mkdir()
    (folder / "token").write_text(make_token(api, shop.namespace), "utf-8")
    (folder / "ca.crt").write_text(api.authority.read_text("utf-8"), "utf-8")
    (folder / "namespace").write_text("accounts", "utf-8")
    return folder


def _run(shop: Shop, api: Api, account: Path, *arguments: str) -> tuple[int, str]:
    own = {key: value for key, value in shop.environment().items() if key != "KUBECONFIG"}
    alone = ("unshare", "--mount", "--propagation", "private", "sh", "-c", _MOUNT, "sh", str(account))
    done = subprocess.run(
        [*alone, *shop.command(*arguments)],
        cwd=shop.folder,
        env={**own, "KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(api.port)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_status_is_read_with_the_rights_of_the_pod(shop: Shop, api: Api, account: Path) -> None:
    shop.run("install", "--yes")
    status, printed = _run(shop, api, account, "status")
    assert status == 1, printed
    assert "EG640" in printed
    bind(api, shop, "egressc-status", everywhere=True)
    bind(api, shop, "egressc-releases", everywhere=False)
    status, printed = _run(shop, api, account, "status")
    assert status == 0, printed
    assert f"https://127.0.0.1:{api.port}" in printed
    assert not re.search(r"^(error|warning)\[EG64", printed, re.MULTILINE)


def test_helm_means_the_same_cluster(shop: Shop, api: Api, account: Path) -> None:
    bind(api, shop, "egressc-status", everywhere=True)
    bind(api, shop, "egressc-install", everywhere=False)
    status, printed = _run(shop, api, account, "install", "--yes")
    assert status == 0, printed
    assert set(policies(api, shop.namespace)) == set(shop.services)
