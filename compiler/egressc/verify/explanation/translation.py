"""What Services do to the port of a connection: policy sees the pod behind, on its own port."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from egressc.model.ports import say_port
from egressc.verify.explanation.answers import ChainStep, Explanation, Question
from egressc.verify.explanation.causes import DenialCause


def sent_on(question: Question) -> Iterator[ChainStep]:
    """What a Service does to the port of the connection, where that is another one."""
    if question.front is not None and (port := question.front.port).service != port.pod.port:
        said = f"{question.front.title} sends {port.service}/{question.protocol} on to {say_port(port.pod)} of the pod"
        yield ChainStep("service", said)


def through_services(
    explain: Callable[[Question], Explanation], question: Question, *, denied: bool, is_doubtful: bool
) -> tuple[list[ChainStep], DenialCause | None]:
    """What clients meet who mean the port of a Service by this number: policy sees the pod's port behind it.

    It is a cause of a denial where the Service leads to an open port, or the number is `is_doubtful`.
    """
    steps: list[ChainStep] = []
    for offer in question.offered if question.front is None else ():
        behind = offer.port.pod
        asks = (offer.port.service, behind.protocol) == (question.port, question.protocol)
        if not asks or behind.port == question.port:
            continue
        asked = f"{question.port}/{question.protocol} is a port of {offer.title}"
        said = f"{asked}: policy sees the pod behind it, on {say_port(behind)}"
        if not isinstance(behind.port, int):
            steps.append(ChainStep("service", f"{said}, which has no number in any pod of the manifests"))
            continue
        there = explain(replace(question, port=behind.port, offered=()))
        steps.append(ChainStep("service", f"{said}, which is {'allowed' if there.allowed else 'denied'}"))
        if denied and (there.allowed or is_doubtful):
            nothing = f"nothing: clients keep using the Service's {question.port}/{question.protocol}"
            return steps, DenialCause("service-port", steps[-1].text, nothing if there.allowed else there.repair)
    return steps, None
