"""Names in the project file and in tables of namespaces that open or close something, looked up."""

from collections.abc import Iterator

from egressc.model.baselines import Opening
from egressc.model.entities import Target
from egressc.model.policy import Port
from egressc.resolve.references import ReferenceResolver


def answer_opening(opening: Opening, answers: ReferenceResolver) -> Iterator[tuple[Target, tuple[Port, ...]]]:
    """What the name stands for, each with the ports that are asked for; none where that is every port."""
    answer = answers.answer(opening.ref, lambda: opening.place)
    answers.refuse(answer, lambda start, end: opening.place, "", is_in_table=opening.is_in_table)
    for target, ports in answer.targets:
        yield target, opening.ports or ports
