"""Whether a service can look a host name up at all: before it connects to the host, it asks DNS."""

from collections.abc import Iterator

from egressc.model.dns_profiles import PROFILES, dns_reach
from egressc.model.flows import Endpoint, Pod
from egressc.model.policy import Dns, Protocol
from egressc.verify.explanation.answers import Explanation, Question
from egressc.verify.explanation.causes import DenialCause
from egressc.verify.explanation.ends import Surroundings, ends_of
from egressc.verify.explanation.explain import Explainer
from egressc.verify.flows.verdicts import Judge
from egressc.verify.flows.words import say_who


def may_look_up(judge: Judge, source: Pod, dns: Dns, around: Surroundings) -> bool:
    """Whether a pod may ask DNS: by the rule of its profile, or, for the profile none, by any other rule."""
    if dns.has_rule:
        return True
    verdicts = (judge.judge(source, *asked).egress for asked in _servers(dns, around))
    return any(egress is None or egress.allows for egress in verdicts)


def lookup_cause(explainer: Explainer, source: Endpoint, dns: Dns, around: Surroundings) -> DenialCause | None:
    """Why DNS does not answer a service, over UDP as resolvers ask first; None where one server may be asked."""
    asked: list[Explanation] = []
    for ends in _servers(dns, around):
        answer = explainer.explain(Question(source, *ends))
        if answer.allowed:
            return None
        asked.append(answer)
    if not asked:
        return None
    question = asked[0].question
    server = f"{say_who(question.destination)} on {question.port}/{question.protocol}"
    return DenialCause("dns-closed", f"the name cannot be resolved: DNS, {server}, is denied", asked[0].repair)


def _servers(dns: Dns, around: Surroundings) -> Iterator[tuple[Endpoint, Protocol, int]]:
    """Where DNS is asked under a profile; without one, where clusters have DNS."""
    profiles = [dns] if dns.has_rule else [Dns(it) for it in PROFILES if it != "any"]
    for peers, ports in map(dns_reach, profiles):
        numbers = [port.port for port in ports if port.protocol is Protocol.UDP and isinstance(port.port, int)]
        for server in ends_of(peers, "default", around):
            yield from ((server, Protocol.UDP, number) for number in numbers)
