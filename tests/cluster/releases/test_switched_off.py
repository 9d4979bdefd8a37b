"""A policy that an operator switches off and on again, on a real API server."""

from cluster.projects import Shop, codes, policies
from testbed.api import Api

OFF = "  enabled: false\n"


def test_it_goes_is_named_and_comes_back(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    file = shop.folder / "values" / "web.yaml"
    before = file.read_text("utf-8")
    file.write_text(before + OFF, "utf-8")
    shop.run("compile")
    assert len(codes(shop.run("status", status=1), "EG515")) == 1
    preview = shop.run("install", "--yes")
    assert "opens  web: no policy isolates it anymore" in preview or "web -> everything" in preview
    assert "1 installed, 0 failed" in preview
    assert set(policies(api, shop.namespace)) == {"orders", "redis"}
    after = shop.run("status")
    assert len(codes(after, "EG515")) == 1
    assert "switched off" in after
    assert not codes(after, "EG642")
    file.write_text(file.read_text("utf-8").removesuffix(OFF), "utf-8")
    shop.run("install", "--yes")
    assert set(policies(api, shop.namespace)) == {"orders", "redis", "web"}
    assert not codes(shop.run("status"), "EG515")
