"""What the keys of a values file are called in messages, and what to write where one is missing."""

from typing import Final

from egressc.contract.dialects import NAMES
from egressc.model.policy import DNS_PROFILES_FIT

TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "object": "a map",
    "string": "a string",
}
# What an item is called, by the key of its list or map.
ITEMS: Final = {
    "allPorts": "protocol",
    "callers": "caller",
    "clients": "client",
    "commonAnnotations": "annotation",
    "commonLabels": "label",
    "connections": "connection",
    "dependencies": "dependency",
    "egress": "extra rule",
    "entities": "entity",
    "from": "peer",
    "guardrails": "guardrail",
    "hosts": "host",
    "imagePullSecrets": "pull secret",
    "ingress": "extra rule",
    "matchExpressions": "expression",
    "matchLabels": "label",
    "namespaceLabels": "namespace",
    "podLabels": "label",
    "policyTypes": "policy type",
    "ports": "port",
    "rules": "rule",
    "to": "peer",
    "values": "label value",
}
# By the key that is missing or empty; by that and the map around it where it is called so in several.
TO_WRITE: Final = {
    "allPorts": "write TCP, UDP or SCTP",
    "apiVersion": "write the API of the policies, such as apiVersion: policy.networking.k8s.io/v1alpha2",
    "clients": "write the namespaces whose pods may connect to the host",
    "cidr": 'write a network, such as cidr: "203.0.113.0/24"',
    "clusterDomain": "write the DNS domain of the cluster, such as cluster.local",
    "connections.port": "write the number of the port that clients use",
    "expect": "write allow or deny",
    "from": "write at least one peer, even for every pod or every address",
    "gateway": "write service, podSelector, port and clusterDomain of the gateway",
    "gateway.podSelector": "write labels that only the pods of the gateway have",
    "gateway.port": "write the port of the gateway's Service for TLS",
    "guardrails": "write at least one guardrail",
    "hosts": "write at least one host",
    "hosts.port": "write the port that clients connect to, such as port: 443",
    "host": "write the DNS name or the address to connect to",
    "key": "write the key of the label",
    "kind": f"write {NAMES}",
    "namespaceSelector": "write the labels of namespaces, or namespaceSelector: {} for every namespace",
    "operator": "write In, NotIn, Exists or DoesNotExist",
    "per": "write second, minute or hour",
    "peer": "write ipBlock, namespaceSelector or podSelector",
    "podSelector": "write matchLabels that only the pods of this service have",
    "policyTypes": "write Egress, Ingress, or both",
    "port": "write the number of the pod's port",
    "ports": 'write the ports, or allPorts: ["TCP"] for every port',
    "priority": "write a number from 0 to 1000",
    "profile": f"write {DNS_PROFILES_FIT}",
    "protocol": "write TCP, UDP or SCTP",
    "release": "write name and namespace of the Helm release",
    "release.name": "write the name of the Helm release",
    "release.namespace": "write the namespace of the Helm release",
    "requests": "write how many requests the gateway passes on",
    "rules": "write what the guardrail denies: to or from, and ports or allPorts",
    "service": "write the name of the gateway's Service",
    "to": "write at least one peer, even for every pod or every address",
    "gatewayNamespace": "write the namespace of the egress gateway, such as gatewayNamespace: istio-egress",
    "version": 'write the version of Cilium, such as version: "1.19"',
    "values": "write the values of the label, or Exists as operator",
}
# Maps whose keys are names of the user's own.
MAPS: Final = (
    "callers",
    "commonAnnotations",
    "commonLabels",
    "connections",
    "dependencies",
    "guardrails",
    "hosts",
    "matchLabels",
    "namespaceLabels",
    "podLabels",
)
# What a policy that does not limit a direction cannot have.
UNLIMITED: Final = {"callers": "Ingress", "ingress": "Ingress", "dependencies": "Egress", "egress": "Egress"}
