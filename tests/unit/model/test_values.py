"""Values of one service: what is read is what was written."""

from egressc.model.values import ServiceValues
from unit.model.values_corpus import DEPENDENCY, VALID, policy


def test_members_are_kept() -> None:
    labels = {"matchLabels": {"app": "web"}}
    document = policy(release={"name": "web", "namespace": "shop"}, podSelector=labels, dependencies={"db": DEPENDENCY})
    found = ServiceValues.model_validate(document).network_policy
    assert found is not None
    assert found.release is not None
    assert found.dependencies is not None
    assert found.dependencies["db"] is not None
    assert found.dependencies["db"].ports is not None


def test_every_valid_document_is_read() -> None:
    assert [
        name
        for name, document in VALID.items()
        if not isinstance(ServiceValues.model_validate(document), ServiceValues)
    ] == []
