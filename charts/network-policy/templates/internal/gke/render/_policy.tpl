{{/*
network-policy.internal.gke.render.policy: the NetworkPolicy of one service or namespace, and the FQDNNetworkPolicy for
its hosts, from validated values.

Input   as network-policy.internal.render.policy, in a batch as network-policy.internal.hosts.render.policies
Output  as network-policy.internal.hosts.render.policies
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.gke.render.policy" -}}
{{- template "network-policy.internal.hosts.render.policies" (dict "context" . "dialect" "gke" "apiVersion" "networking.gke.io/v1alpha1" "kind" "FQDNNetworkPolicy") }}
{{- end -}}
