"""The roles of docs/cluster.md, bound to a user who has nothing else."""

import re

import pytest

from cluster.accounts import bind, with_account
from cluster.projects import Shop, codes
from testbed.api import Api


@pytest.fixture
def reader(shop: Shop, api: Api) -> Shop:
    """The project, installed, for a service account that may do nothing yet."""
    shop.run("install", "--yes")
    return with_account(shop, api)


def test_no_right_is_told(reader: Shop) -> None:
    assert codes(reader.run("status", status=1), "EG640")


def test_the_status_role_is_enough(reader: Shop, api: Api) -> None:
    bind(api, reader, "egressc-status", everywhere=True)
    printed = reader.run("status")
    unread = codes(printed, "EG641")
    assert len(unread) == 1
    assert "Secrets of Helm's releases" in unread[0]
    assert not re.search(r"^error", printed, re.MULTILINE)
    reader.add_extra("web", "192.0.2.0/24")
    assert len(codes(reader.run("status", status=1), "EG643")) == 1


def test_kinds_that_the_server_does_not_have_need_no_right(reader: Shop, api: Api) -> None:
    bind(api, reader, "egressc-install", everywhere=False)
    unread = " ".join(codes(reader.run("status"), "EG641"))
    assert "namespaces" in unread
    assert "ClusterNetworkPolicies" not in unread
    assert "Cilium" not in unread


def test_with_releases_nothing_is_hidden(reader: Shop, api: Api) -> None:
    bind(api, reader, "egressc-status", everywhere=True)
    bind(api, reader, "egressc-releases", everywhere=False)
    assert not codes(reader.run("status"), "EG641")


def test_the_install_role_is_enough_in_its_namespace(reader: Shop, api: Api) -> None:
    bind(api, reader, "egressc-install", everywhere=False)
    reader.add_extra("web", "192.0.2.0/24")
    assert "1 installed, 0 failed" in reader.run("install", "--yes")
    assert "3 uninstalled, 0 failed" in reader.run("uninstall", "--all", "--yes")
