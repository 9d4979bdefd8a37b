"""The certificate authority of a mesh whose gateway runs here."""

import shutil

import pytest

from testbed.certificates import Authority
from testbed.owners import why_unavailable
from testbed.programs import ENVOY


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if (reason := why_unavailable(ENVOY)) is not None:
        pytest.skip(f"NO OWNER: {reason}")
    if shutil.which("openssl") is None:
        pytest.skip("NO OWNER: openssl missing: run `make testbed`")
    return Authority(tmp_path_factory.mktemp("certificates"))
