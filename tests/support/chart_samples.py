"""Values that several tests share: those of a compiled file, and values that use every part of the contract."""

from collections.abc import Mapping

from support.helm_engines import merge

PODS = {"podSelector": {"matchLabels": {"app": "db"}}}
TCP_5432 = {"port": 5432, "protocol": "TCP"}


def dependency(**changes: object) -> dict[str, object]:
    """One well-formed dependency; a change to None leaves that key out."""
    whole = {"to": [PODS], "ports": [TCP_5432], **changes}
    return {key: value for key, value in whole.items() if value is not None}


def caller(**changes: object) -> dict[str, object]:
    """One well-formed caller, in the same way."""
    return dependency(**{"to": None, "from": [PODS], **changes})


def with_dependency(**changes: object) -> dict[str, object]:
    return {"networkPolicy": {"dependencies": {"db": dependency(**changes)}}}


def with_caller(**changes: object) -> dict[str, object]:
    return {"networkPolicy": {"policyTypes": ["Ingress", "Egress"], "callers": {"web": caller(**changes)}}}


def released(values: Mapping[str, object], name: str = "rel", namespace: str = "ns") -> dict[str, object]:
    """The values as those of one service, which the root chart asks for."""
    whole = merge(values, {"networkPolicy": {"release": {"name": name, "namespace": namespace}}})
    settings = whole["networkPolicy"]
    assert isinstance(settings, dict)
    settings.setdefault("podSelector", {"matchLabels": {"app.kubernetes.io/name": "service"}})
    return whole


COMPILED: dict[str, object] = {
    "networkPolicy": {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "ai-service"}},
        "dns": {"profile": "kube-dns"},
        "dependencies": {
            "qdrant": {
                "name": "Qdrant",
                "purpose": "Vector search (HTTP + gRPC)",
                "to": [
                    {
                        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "matih-data-plane"}},
                        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "qdrant"}},
                    }
                ],
                "ports": [{"port": 6333, "protocol": "TCP"}, {"port": 6334, "protocol": "TCP"}],
            },
            "llm-apis": {
                "name": "LLM APIs",
                "purpose": "OpenAI, Anthropic",
                "hosts": ["api.openai.com", "api.anthropic.com"],
                "to": [
                    {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]}},
                    {"ipBlock": {"cidr": "::/0"}},
                ],
                "ports": [{"port": 443, "protocol": "TCP"}],
            },
        },
        "egress": [],
    }
}

EVERYTHING: dict[str, object] = {
    "networkPolicy": {
        "enabled": True,
        "release": {"name": "rel", "namespace": "ns"},
        "podSelector": {
            "matchLabels": {"app": "web"},
            "matchExpressions": [{"key": "tier", "operator": "In", "values": ["a", "b"]}],
        },
        "dns": {
            "profile": "custom",
            "to": [{"ipBlock": {"cidr": "10.0.0.10/32"}}],
            "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
        },
        "dependencies": {
            "b-range": {
                "to": [{"namespaceSelector": {}}],
                "ports": [{"port": 8000, "endPort": 8100, "protocol": "TCP"}],
            },
            "a-named": {
                "name": "Named port",
                "to": [{"podSelector": {}}, {"namespaceSelector": {"matchLabels": {"team": "shop"}}}],
                "ports": [{"port": "http", "protocol": "TCP"}],
            },
            "c-all": {
                "purpose": "every port of two protocols",
                "to": [
                    {
                        "podSelector": {
                            "matchExpressions": [
                                {"key": "app", "operator": "Exists"},
                                {"key": "tier", "operator": "NotIn", "values": ["on", "1e3"]},
                            ]
                        }
                    }
                ],
                "allPorts": ["TCP", "SCTP"],
            },
        },
        "egress": [
            {},
            {"to": [PODS]},
            {"ports": [{"port": 8080}, {"port": "metrics", "protocol": "TCP"}, {"protocol": "UDP"}, {}]},
            {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": 9000, "endPort": 9000}]},
        ],
        "commonLabels": {"team": "shop", "app.kubernetes.io/version": "yes"},
        "commonAnnotations": {"example.com/note": "line one\n---\nline two: {{ .Values }} # no comment\n"},
    },
    "nameOverride": "shop",
    "fullnameOverride": "shop-web",
}

# Callers and extra rules for ingress, and nothing that limits egress.
INGRESS: dict[str, object] = {
    "networkPolicy": {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "orders"}},
        "policyTypes": ["Ingress"],
        "callers": {
            "shop-front": {
                "name": "Shop front",
                "purpose": "Orders (HTTP)",
                "from": [
                    {
                        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "edge"}},
                        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "shop-front"}},
                    }
                ],
                "ports": [{"port": 8080, "protocol": "TCP"}, {"port": "metrics", "protocol": "TCP"}],
            },
            "load-balancer": {
                "hosts": ["lb.example.com"],
                "from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}],
                "allPorts": ["TCP", "UDP"],
            },
        },
        "ingress": [
            {},
            {"from": [PODS]},
            {"ports": [{"port": 9000, "endPort": 9001}, {}]},
            {"from": [{"namespaceSelector": {}}], "ports": [{"port": "http", "protocol": "SCTP"}]},
        ],
    }
}

# Every key of the contract.
BOTH = merge(EVERYTHING, merge(INGRESS, {"networkPolicy": {"policyTypes": ["Ingress", "Egress"]}}))
