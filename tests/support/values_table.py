"""The README's table of values, made from values.yaml: every key with the `# --` sentence above it.

A key may be commented out, where its absence is the default. Run it to print the table.
"""

import re
import sys
from pathlib import Path

_LINE = re.compile(r"^(?P<indent> *)(?P<comment># )?(?P<key>[A-Za-z][A-Za-z-]*):(?: (?P<value>.*))?$")
_SENTENCE = re.compile(r"^ *# (?P<start>-- )?(?P<text>.*)$")


def values_table(text: str) -> str:
    """Markdown rows for the keys of a values.yaml; a key without a sentence must hold other keys."""
    rows = ["| Key | Default | Meaning |", "|---|---|---|"]
    parents: list[tuple[int, str]] = []
    sentence: list[str] = []
    for line in text.splitlines():
        found = _LINE.match(line)
        if found and (sentence or not found["comment"]):
            indent = len(found["indent"])
            parents = [parent for parent in parents if parent[0] < indent]
            path = ".".join([key for _, key in parents] + [found["key"]])
            if sentence:
                default = "" if found["comment"] else f"`{found['value']}`"
                rows.append(f"| `{path}` | {default} | {' '.join(sentence)} |")
            elif found["value"]:
                raise ValueError(f"no sentence for {path}")
            parents.append((indent, found["key"]))
            sentence = []
        elif (comment := _SENTENCE.match(line)) and (comment["start"] or sentence):
            sentence.append(comment["text"])
        elif not line.strip():
            sentence = []
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(values_table(Path(sys.argv[1]).read_text(encoding="utf-8")), end="")
