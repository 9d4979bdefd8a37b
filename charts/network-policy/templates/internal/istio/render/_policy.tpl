{{/*
network-policy.internal.istio.render.policy: the NetworkPolicy of one service or namespace, and the Sidecar for its
hosts, from validated values. A dependency of the NetworkPolicy leads to the egress gateway. With a waypoint, pods have
no sidecars.

Input   as network-policy.internal.render.policy, in a batch as network-policy.internal.hosts.render.policies
Output  as network-policy.internal.hosts.render.policies
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.istio.render.policy" -}}
{{- template "network-policy.internal.hosts.render.policies" (dict "context" . "dialect" "istio" "apiVersion" "networking.istio.io/v1" "kind" (empty .Values.networkPolicy.dialect.waypoint | ternary "Sidecar" "") "spec" "network-policy.internal.istio.render.sidecar") }}
{{- end -}}
