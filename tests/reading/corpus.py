"""The documents with truth (tests/documents): what each grants, what an operator adds, and the files of a trial."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from oracles.naive import Spot

DOCUMENTS = Path(__file__).parents[1] / "documents"
NOTHING = "—"
NAME_LABEL = "kubernetes.io/metadata.name"


class Entity(NamedTuple):
    """A row of facts.md. `pod` is None for what is no workload; `address` is a CIDR or empty."""

    name: str
    aliases: tuple[str, ...]
    kind: str
    pod: Spot | None
    ports: tuple[int, ...]
    address: str

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


class TruthRow(NamedTuple):
    """A row of truth.csv; names are as it writes them, `port` is a number or None: every port."""

    source: str
    destination: str
    protocol: str
    port: int | None
    is_allowed: bool


@dataclass(frozen=True)
class Document:
    """One folder of the corpus. `guarded` are workloads whose rows grant nothing and that need a policy."""

    folder: Path
    shape: str
    is_refused: bool
    result: str
    guarded: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        (found,) = self.folder.glob("document.*")
        return found

    def files(self, kind: str) -> dict[str, str]:
        """The texts of a project by file name: `facts`, or `keys`, which has of the facts what it does not replace."""
        folders = [self.folder / "facts", *([self.folder / "keys"] if kind == "keys" else [])]
        paths = [self.file, *(path for folder in folders for path in sorted(folder.glob("*")))]
        return {path.name: path.read_bytes().decode() for path in paths}

    @property
    def has_keys(self) -> bool:
        return (self.folder / "keys").is_dir()

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(_entities((self.folder / "facts.md").read_text("utf-8")))

    @cached_property
    def by_name(self) -> Mapping[str, Entity]:
        return {name: entity for entity in self.entities for name in entity.names}

    @cached_property
    def truth(self) -> tuple[TruthRow, ...]:
        with (self.folder / "truth.csv").open(encoding="utf-8", newline="") as file:
            return tuple(
                TruthRow(
                    row["source"],
                    row["destination"],
                    row["protocol"],
                    None if row["port"] == "*" else int(row["port"]),
                    row["verdict"] == "allow",
                )
                for row in csv.DictReader(file)
            )

    @cached_property
    def not_scored(self) -> frozenset[tuple[str, str]]:
        """Source and `DESTINATION:PORT`; or source and `*` for one that is another document's as a whole."""
        text = (self.folder / "facts.md").read_text("utf-8")
        flows = [flow for line in re.findall(r"Not scored: (.*)", text) for flow in line.split("; ")]
        return frozenset((flow.split(" >> ")[0], flow.split(" >> ")[1]) for flow in flows)


def read_documents() -> list[Document]:
    shapes = {row["id"]: row for row in _table("index.tsv")}
    return [
        Document(
            DOCUMENTS / row["id"],
            shapes[row["id"]]["shape"],
            shapes[row["id"]]["expected"] == "refuse",
            row["result"],
            tuple(name for name in (row["guarded"] or "").split("; ") if name),
        )
        for row in _table("expected.tsv")
    ]


def _table(name: str) -> list[dict[str, str]]:
    with (DOCUMENTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _entities(facts: str) -> Iterator[Entity]:
    lines = [line for line in facts.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        name, also, kind, namespace, labels, ports, address = (cell.strip() for cell in line.strip("|").split("|"))
        pod = None
        if kind == "pod":
            key, value = labels.strip("`").split(": ")
            pod = Spot(namespace, {NAME_LABEL: namespace}, {key: value})
        elif kind == "dns":
            pod = Spot(namespace, {NAME_LABEL: namespace}, {"k8s-app": "kube-dns"})
        yield Entity(
            name,
            () if also == NOTHING else tuple(also.split(", ")),
            kind,
            pod,
            tuple(int(port) for port in re.findall(r"\d+", ports)),
            address if "/" in address and kind != "internet" else "",
        )
