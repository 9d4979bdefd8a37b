"""Projects whose hosts are behind a proxy of Istio, and an API server that knows its kinds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from cluster.accounts import bind, with_account
from cluster.conftest import require_owners, require_testbed
from cluster.projects import PROJECT, Shop
from testbed import definitions
from testbed.api import Api
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane

SERVICES = {"web": "orders", "orders": "-"}


@contextmanager
def control_plane_of_istio() -> Iterator[ControlPlane]:
    """One that knows the kinds of Istio and of the Gateway API."""
    require_testbed()
    require_owners()
    with ControlPlane() as running:
        definitions.register(running.api)
        yield running


def home(shop: Shop) -> str:
    """The namespace of the gateway or waypoint."""
    return f"{shop.namespace}-edge"


def with_proxy(shop: Shop, api: Api) -> Shop:
    """The same project, not yet written, with a namespace for the proxy."""
    ensure_namespace(api, home(shop), {})
    return replace(shop, services=SERVICES)


def write(shop: Shop, proxy: str, destinations: str, needs: str) -> None:
    """Write and compile the project.

    Args:
        proxy: The key in `cluster.istio`: `gateway` or `waypoint`.
        destinations: The section of the catalog.
        needs: What the service `web` reaches.
    """
    shop.write(SERVICES)
    services = shop.folder / "services.md"
    text = services.read_text("utf-8").replace("| web | 8080 | orders |", f"| web | 8080 | {needs} |")
    services.write_text(text, "utf-8")
    with (shop.folder / "catalog.yaml").open("a", encoding="utf-8") as file:
        file.write(destinations)
    cluster = f"cluster: {{dialect: Istio, istio: {{{proxy}: {{namespace: {home(shop)}}}}}}}\n"
    (shop.folder / "egressc.yaml").write_text(PROJECT + cluster, "utf-8")
    shop.run("compile", "--prune")


def accounts_with_roles(shop: Shop, api: Api) -> tuple[Shop, Shop]:
    """The project and the namespace of its proxy, as an account that has the roles of every release sees them."""
    account = with_account(shop, api)
    edge = replace(account, namespace=home(shop))
    for place in (account, edge):
        for role in ("egressc-status", "egressc-install"):
            bind(api, place, role, everywhere=False, subject=account.namespace)
    return account, edge


def allow_gateway_release(edge: Shop, account: Shop, api: Api) -> None:
    """Give the account what the release of the gateway needs beside this."""
    bind(api, edge, "egressc-gateway", everywhere=False, subject=account.namespace)
