{{/*
network-policy.internal.guardrails.render.api: what cluster-wide policies of an API are like.

Sources: the types and custom resources of sigs.k8s.io/network-policy-api (v0.1.7 AdminNetworkPolicy; v0.3.0
ClusterNetworkPolicy), of github.com/aws/amazon-network-policy-controller-k8s, and of Calico 3.32.

Input   networkPolicy.apiVersion
Output  JSON, or nothing for another API:
            kind         the kind of the objects
            indefinite   the kind with its article
            resource     its name for kubectl
            most         the most rules of one direction, peers of a rule and ports of a rule
            hasAdminTier whether objects say that they are in the tier Admin
            ports        the key of the ports of a rule; Calico's rules have other fields throughout
            tierOrder    the order of the tier that the release brings for them, if it does
*/}}
{{- define "network-policy.internal.guardrails.render.api" -}}
{{- $version := toString . }}
{{- if has $version (list "policy.networking.k8s.io/v1alpha2" "policy.networking.k8s.io/v1beta1") -}}
{"kind": "ClusterNetworkPolicy", "indefinite": "a ClusterNetworkPolicy", "resource": "clusternetworkpolicies.policy.networking.k8s.io", "most": 25, "hasAdminTier": true, "ports": "protocols"}
{{- else if eq $version "policy.networking.k8s.io/v1alpha1" -}}
{"kind": "AdminNetworkPolicy", "indefinite": "an AdminNetworkPolicy", "resource": "adminnetworkpolicies.policy.networking.k8s.io", "most": 100, "hasAdminTier": false, "ports": "ports"}
{{- else if eq $version "networking.k8s.aws/v1alpha1" -}}
{"kind": "ClusterNetworkPolicy", "indefinite": "a ClusterNetworkPolicy", "resource": "clusternetworkpolicies.networking.k8s.aws", "most": 100, "hasAdminTier": true, "ports": "ports"}
{{- else if eq $version "projectcalico.org/v3" -}}
{"kind": "GlobalNetworkPolicy", "indefinite": "a GlobalNetworkPolicy", "resource": "globalnetworkpolicies.projectcalico.org", "most": 1024, "hasAdminTier": false, "ports": "", "tierOrder": 900}
{{- end }}
{{- end -}}
