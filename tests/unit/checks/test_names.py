"""What is said twice, used by nobody, or told by a label that nobody sets."""

from support.compiled import CATALOG, compile_text, findings, services

DESTINATION = "Destination | Namespace | Selector | Port | Notes"


def test_rows_and_items_said_twice() -> None:
    text = services("web | Redis | None", "cart | Redis, Kafka, Redis | None", "web | Redis | None")
    assert findings(text) == ["EG411 Redis", "EG410 web | Redis | None"]


def test_an_alias_is_the_same_thing_twice() -> None:
    catalog = CATALOG + "  Cache: {aliases: [cache], ports: [1]}\n"
    assert findings(services("web | Cache, cache | None"), catalog) == ["EG411 cache"]


def test_destinations_that_nobody_uses() -> None:
    text = services("web | Redis | None") + services("Old | data | app=old | 1 | ", header=DESTINATION)
    _, report = compile_text(text)
    assert sorted(it.primary.span.text for it in report.diagnostics if it.code.id == "EG413") == ["Kafka", "Old"]


def test_labels_of_namespaces_that_nobody_sets() -> None:
    assert findings(services("web | Redis | None"), project="cluster: {namespaceLabel: name}") == ["EG412 name"]
    assert findings(services("web | Redis | None"), CATALOG + "  X: {namespaces: {name: x}}\n") == ["EG412 {name: x}"]


def test_sources_without_a_service() -> None:
    assert findings("# Nothing\n") == ["EG418"]


def test_an_unused_entry_is_told_which_name_it_resembles() -> None:
    catalog = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Weather API: {addresses: [203.0.113.7/32], ports: [443]}
  Weather APIs: {owner: ops}
  Backup: {addresses: [203.0.113.8/32]}
"""
    report = compile_text(services("web | Weather API", header="Service | Depends on"), catalog)[1]
    helps = {it.primary.span.text: it.help for it in report.diagnostics if it.code.id == "EG413"}
    assert helps == {
        "Weather APIs": 'write "Weather API" if you mean that, else remove it, or add it to a row of a service',
        "Backup": "remove it, or add it to a row of a service",
    }
