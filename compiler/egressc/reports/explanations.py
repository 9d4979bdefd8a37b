"""Answers to questions about connections, as text and as JSON (the shape is in docs/proof.md)."""

from collections.abc import Iterable, Iterator

from egressc import __version__
from egressc.model.flows import Endpoint
from egressc.project.answers import Answers
from egressc.renderers.document import render_document
from egressc.renderers.excerpts import printable
from egressc.verify.explanation.answers import ChainStep, Explanation, Question
from egressc.verify.flows.words import say_end

SHAPE_VERSION = 1


def lay_out_answers(found: Answers, form: str) -> str:
    """`form`: json, or text."""
    answers, notes = found
    if form == "json":
        document = _document([answer for _, answer in answers], notes)
        return render_document(document, version=SHAPE_VERSION, tool_version=__version__)
    return "\n".join("".join(f"{line}\n" for line in _lines(title, answer, notes)) for title, answer in answers)


def _lines(title: str, answer: Explanation, notes: list[str]) -> Iterator[str]:
    question = answer.question
    verdict = "allowed" if answer.allowed else "denied"
    yield f"{verdict}: {printable(title)} on {question.asked_port}/{question.protocol}"
    rows = [("from", say_end(question.source)), ("to", say_end(question.destination))]
    steps = [*answer.steps, *([answer.nearest] if answer.nearest else [])]
    rows += [(step.kind, f"{step.text}{f'  ({step.place})' if step.place else ''}") for step in steps]
    rows += [("cause", cause.text) for cause in answer.causes]
    rows += [("repair", answer.repair)] if answer.repair else []
    rows += [("approximate", reason) for reason in answer.approximate]
    rows += [("note", note) for note in notes]
    width = max(len(kind) for kind, _ in rows)
    for kind, text in rows:
        yield f"  {kind:<{width}}  {printable(text)}"


def _document(answers: Iterable[Explanation], notes: list[str]) -> dict[str, object]:
    laid = [_answer(answer) for answer in answers]
    return {
        "allowed": all(answer["allowed"] for answer in laid),
        "notes": notes,
        "answers": laid,
    }


def _answer(answer: Explanation) -> dict[str, object]:
    return {
        "allowed": answer.allowed,
        **_question(answer.question),
        "chain": [_step(step) for step in answer.steps],
        "nearest": _step(answer.nearest) if answer.nearest else None,
        "causes": [{"kind": it.kind, "text": it.text, "repair": it.repair} for it in answer.causes],
        "repair": answer.repair,
        "approximate": [str(reason) for reason in answer.approximate],
    }


def _question(question: Question) -> dict[str, object]:
    return {
        "source": say_end(question.source),
        "sourceWorkload": _workload(question.source),
        "destination": say_end(question.destination),
        "destinationWorkload": _workload(question.destination),
        "protocol": str(question.protocol),
        "port": question.port,
        "askedPort": question.asked_port,
    }


def _workload(end: Endpoint) -> dict[str, str] | None:
    """The workload of the manifests that an end is; None for an address, and for a pod that stands for others."""
    if isinstance(end, str) or not end.kind:
        return None
    return {"kind": end.kind, "namespace": end.namespace, "name": end.name}


def _step(step: ChainStep) -> dict[str, object]:
    place: dict[str, object] = {}
    if step.place is not None:
        line, column = step.place.source.position(step.place.start)
        place = {"path": step.place.source.name, "line": line, "column": column}
    return {"kind": step.kind, "text": step.text, "location": place or None}
