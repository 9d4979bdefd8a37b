"""Each kind of input at a size and four times that: processor time grows about as much, memory too.

Ratios of this process's own time, with wide bounds; the smaller size takes long enough that fixed costs do not hide
what grows.
"""

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import run

ROWS = "| Service | Listens on | Depends on |\n|---|---|---|\n"
CATALOG = 'defaults: {namespace: shop, selector: {app: "{id}"}}\ndestinations:\n  PG: {ports: [5432]}\n'
Files = dict[str, str]


def network(number: int) -> str:
    return f'"11.{number // 256}.{number % 256}.0/25"'


def policy(name: str, rules: str) -> str:
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{podSelector: {{matchLabels: {{app: s0}}}}, policyTypes: [Egress], egress: [{rules}]}}\n"
    )


def document(n: int) -> Files:
    return {"s.md": ROWS + "".join(f"| s{i} | 80 | PG |\n" for i in range(n))}


def prose(n: int) -> Files:
    return {"s.md": "A sentence about PG and s0.\n\n" * n + ROWS + "| s0 | 80 | PG |\n"}


def catalog(n: int) -> Files:
    names = "".join(f"  d{i}: {{ports: [{i % 60000 + 1}], purpose: some text}}\n" for i in range(n))
    return {"s.md": ROWS + "| s0 | 80 | PG, d1 |\n", "c.yaml": CATALOG + names}


def project_file(n: int) -> Files:
    words = "".join(f'    "phrase {i}": ignore\n' for i in range(n))
    text = f"sources: [s.md]\ncatalog: c.yaml\ntables:\n  readAs:\n{words}"
    return {"s.md": ROWS + "| s0 | 80 | PG |\n", "egressc.yaml": text}


def table_cells(n: int) -> Files:
    header = "".join(f" column {i} |" for i in range(n))
    row = " x |" * n
    return {"s.md": f"| Service | Depends on |{header}\n|---|---|{'---|' * n}\n| s0 | PG |{row}\n"}


def long_cell(n: int) -> Files:
    return {"s.md": ROWS + "| s0 | 80 | " + ", ".join(["PG"] * n) + " |\n"}


def selectors(n: int) -> Files:
    expressions = ", ".join(f"{{key: k{i}, operator: NotIn, values: [v]}}" for i in range(n))
    entry = f"  s0: {{selector: {{matchLabels: {{app: a}}, matchExpressions: [{expressions}]}}}}\n"
    return {"s.md": ROWS + "| s0 | 80 | PG |\n", "c.yaml": CATALOG + entry}


def addresses(n: int) -> Files:
    listed = ", ".join(map(network, range(n)))
    return {"s.md": ROWS + "| s0 | 80 | X |\n", "c.yaml": CATALOG + f"  X: {{ports: [443], addresses: [{listed}]}}\n"}


def excepts(n: int) -> Files:
    block = f"{{cidr: 11.0.0.0/8, except: [{', '.join(map(network, range(n)))}]}}"
    return {"s.md": ROWS + "| s0 | 80 | X |\n", "c.yaml": CATALOG + f"  X: {{ports: [443], addresses: [{block}]}}\n"}


def extras(n: int) -> Files:
    rules = ", ".join(f"{{to: [{{ipBlock: {{cidr: {network(i)}}}}}], ports: [{{port: 443}}]}}" for i in range(n))
    return {"s.md": ROWS + "| s0 | 80 | PG |\n", "extras": rules}


def manifests(n: int) -> Files:
    return {"s.md": ROWS + "| s0 | 80 | PG |\n", "m.yaml": "".join(policy(f"p{i}", "") for i in range(n))}


def blank_manifest(n: int) -> Files:
    return {"s.md": ROWS + "| s0 | 80 | PG |\n", "m.yaml": policy("p", "") + "---\n" + " \n" * n}


def manifest_networks(n: int) -> Files:
    rules = ", ".join(f"{{to: [{{ipBlock: {{cidr: {network(i)}}}}}], ports: [{{port: 443}}]}}" for i in range(n))
    return {**addresses(n), "m.yaml": policy("p", rules)}


def compared(n: int) -> Files:
    """Each policy lets its pods call every pod, and each but the last is the same on the other side."""

    def guarded(name: str, port: int) -> str:
        return (
            f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\n"
            f"spec: {{podSelector: {{matchLabels: {{app: {name}}}}}, policyTypes: [Ingress, Egress], "
            f"ingress: [{{ports: [{{port: {port}}}]}}], egress: [{{to: [{{namespaceSelector: {{}}}}]}}]}}\n"
        )

    same = "".join(guarded(f"p{i}", 80) for i in range(n))
    return {"m.yaml": same + guarded("q", 80), "n.yaml": same + guarded("q", 81)}


# What is written, the smaller size, and the commands that look at it.
CASES: dict[str, tuple[Callable[[int], Files], int]] = {
    "rows of a document": (document, 800),
    "prose of a document": (prose, 6_000),
    "entries of a catalog": (catalog, 800),
    "phrases of a project file": (project_file, 1_500),
    "cells of a row": (table_cells, 200),
    "items of a cell": (long_cell, 450),
    "expressions of a selector": (selectors, 800),
    "networks of a destination": (addresses, 1_000),
    "networks left out": (excepts, 1_000),
    "extra rules": (extras, 250),
    "manifests": (manifests, 250),
    "blank lines of a manifest": (blank_manifest, 200_000),
    "networks of a manifest that differs": (manifest_networks, 250),
    "manifests that are compared": (compared, 100),
}


def prepare(folder: Path, files: Files) -> list[list[str]]:
    """Write a project; the commands to run in it."""
    folder.mkdir()
    whole = {"egressc.yaml": "sources: [s.md]\ncatalog: c.yaml\n", "c.yaml": CATALOG, **files}
    extra = whole.pop("extras", "")
    for name, text in whole.items():
        (folder / name).write_text(text, "utf-8")
    if extra:
        assert run(["compile"], folder).exit_code == 0
        values = folder / "values" / "s0.yaml"
        values.write_text(values.read_text("utf-8").replace("  egress: []", f"  egress: [{extra}]"), "utf-8")
        return [["check"], ["verify"]]
    if "n.yaml" in whole:
        return [["diff", "m.yaml", "n.yaml"]]
    if "m.yaml" in whole:
        return [["verify", "--manifests", "m.yaml"]]
    return [["compile"], ["check"]] if "s.md" in files and len(files["s.md"]) > 20_000 else [["compile"], ["verify"]]


def measure(folder: Path, files: Files) -> tuple[float, int]:
    """Seconds of this process, and bytes at the peak."""
    commands = prepare(folder, files)
    started = time.process_time()
    for command in commands:
        assert "EG901" not in run(command, folder).output
    taken = time.process_time() - started
    tracemalloc.start()
    try:
        run(commands[-1], folder)
        return taken, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("case", CASES)
def test_time_and_memory_grow_with_the_input(case: str, tmp_path: Path) -> None:
    make, size = CASES[case]
    measure(tmp_path / "warm", make(10))
    small_time, small_memory = measure(tmp_path / "small", make(size))
    large_time, large_memory = measure(tmp_path / "large", make(4 * size))
    # Quadratic would be 16 times; below a tenth of a second, what grows is not what takes the time.
    assert large_time < 9 * max(small_time, 0.1), (small_time, large_time)
    assert large_memory < 9 * max(small_memory, 4 * 2**20), (small_memory, large_memory)
