"""Whether a service can look a host name up at all: before it connects to the host, it asks DNS."""

from egressc.model.flows import Endpoint
from egressc.model.policy import Dns, Protocol
from egressc.verify.explanation.answers import Explanation, Question
from egressc.verify.explanation.causes import Cause
from egressc.verify.explanation.ends import Surroundings, ends_of
from egressc.verify.explanation.explain import Explainer
from egressc.verify.flows.words import say_end
from egressc.verify.intent.dns import dns_reach


def lookup_cause(explainer: Explainer, source: Endpoint, dns: Dns, around: Surroundings) -> Cause | None:
    """Why DNS does not answer a service, over UDP as resolvers ask first; None where one server may be asked."""
    peers, ports = dns_reach(dns)
    numbers = [port.port for port in ports if port.protocol is Protocol.UDP and isinstance(port.port, int)]
    asked: list[Explanation] = []
    for server in ends_of(peers, "default", around):
        for number in numbers:
            answer = explainer.explain(Question(source, server, Protocol.UDP, number))
            if answer.allowed:
                return None
            asked.append(answer)
    if not asked:
        return None
    question = asked[0].question
    server = f"{say_end(question.destination)} on {question.port}/{question.protocol}"
    return Cause("dns-closed", f"the name cannot be looked up: DNS, {server}, is denied", asked[0].repair)
