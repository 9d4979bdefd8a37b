"""Every kind of object is listed by methods that the official client has."""

from inspect import signature

from kubernetes import client  # type: ignore[import-untyped]  # see egressc.cluster.api

from egressc.cluster.api import _CUSTOM, _METHODS
from egressc.cluster.objects import ObjectKind


def test_every_kind_has_methods() -> None:
    assert set(_METHODS) == set(ObjectKind)
    for api, within, everywhere in _METHODS.values():
        assert callable(getattr(getattr(client, api), f"list_{everywhere}", None)), everywhere
        assert api == "CustomObjectsApi" or callable(getattr(getattr(client, api), f"list_{within}", None)), within


def test_kinds_that_a_cluster_may_lack_are_asked_by_group_version_and_plural() -> None:
    taken = list(signature(client.CustomObjectsApi.list_cluster_custom_object).parameters)
    assert taken[1:4] == ["group", "version", "plural"] or taken[1:4] == ["group", "version", "resource_plural"]
    assert all(len(scope) == 3 for scope in _CUSTOM.values())
