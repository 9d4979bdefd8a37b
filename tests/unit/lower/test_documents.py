"""Requirements in YAML: settled by the project file as tables are, and judged by their remarks."""

from support.compiled import compile_text, findings, flows

GRANTED = "services: [{service: web, dependencies: [Redis]}]\n"
LATER = "services: [{service: cart, dependencies: [Redis, Sessions]}]\n"
BOTH = {"a.yaml": GRANTED, "later.yaml": LATER}


def test_a_document_that_is_left_out_grants_nothing_and_is_listed() -> None:
    project = "tables: {at: {later.yaml: {leaveOut: not ours}}}"
    assert flows(BOTH, project=project) == ["web -> redis 6379/TCP"]
    policies, report = compile_text(BOTH, project=project)
    assert policies is not None
    assert [it.message for it in report.sorted() if it.code.id == "EG205"] == [
        'tables under "later.yaml" are left out and grant nothing: not ours'
    ]
    assert findings(BOTH, project="tables: {leaveOut: [later.yaml]}") == ["EG205"]


def test_a_phrase_may_hold_for_one_document() -> None:
    project = "tables: {at: {later.yaml: {readAs: {Sessions: Kafka}}}}"
    assert flows(BOTH, project=project) == ["cart -> kafka 9092/TCP", "cart -> redis 6379/TCP", "web -> redis 6379/TCP"]
    assert findings({**BOTH, "a.yaml": LATER.replace("cart", "web")}, project=project) == ["EG301 Sessions"]


def test_a_remark_that_denies_takes_its_entry_back() -> None:
    entry = "services: [{service: web, dependencies: [Redis], notes: %s}]\n"
    assert findings({"a.yaml": entry % "rejected by security"})[0] == "EG218 rejected by security"
    assert findings({"a.yaml": entry % "keeps rejected orders"}) == ["EG226 keeps rejected orders"]
    assert findings({"a.yaml": entry % "keeps orders"}) == []
