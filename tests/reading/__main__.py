"""Print the score of the documents with truth as a table.

Usage: python -m reading (with `tests` and `compiler` on the path)
Exits with 1 where a document is worse than refused with a right repair, or fewer than 10 are right at once.
"""

import sys
from collections import Counter

from reading.corpus import read_documents
from reading.score import Result, score

FEWEST_AT_ONCE = 10


def main() -> int:
    totals: Counter[Result] = Counter()
    documents = read_documents()
    width = max(len(document.id) for document in documents)
    print(f"{'document':{width}}  expected  {'result':30}  note")
    for document in documents:
        found = score(document)
        totals[found.result] += 1
        expected = "refuse" if document.is_refused else "compiles"
        print(f"{document.id:{width}}  {expected:8}  {found.result:30}  {found.note}", flush=True)
    print()
    for result in Result:
        print(f"{totals[result]:3}  {result}")
    worse = any(not result.is_good for result in totals)
    return 1 if worse or totals[Result.AT_ONCE] < FEWEST_AT_ONCE else 0


if __name__ == "__main__":
    sys.exit(main())
