{{/*
network-policy.internal.eks.render.policy: the NetworkPolicy of one service or namespace, and the
ApplicationNetworkPolicy for its hosts, from validated values.

The two have different names: for each, Amazon's network policy controller makes PolicyEndpoints, which it finds by the
name of the policy alone (github.com/aws/amazon-network-policy-controller-k8s pkg/policyendpoints).

Input   as network-policy.internal.render.policy, in a batch as network-policy.internal.hosts.render.policies
Output  as network-policy.internal.hosts.render.policies
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.eks.render.policy" -}}
{{- template "network-policy.internal.hosts.render.policies" (dict "context" . "dialect" "eks" "apiVersion" "networking.k8s.aws/v1alpha1" "kind" "ApplicationNetworkPolicy" "policyTypes" (list "Egress")) }}
{{- end -}}
