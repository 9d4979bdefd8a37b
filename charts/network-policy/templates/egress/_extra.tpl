{{/*
network-policy.egress.extra: one extra rule as an operator wrote it.

Input   a NetworkPolicyEgressRule; a port without a protocol is TCP; {} allows everything, as it does in Kubernetes
Output  one element of spec.egress
Fails   when it is no such rule
*/}}
{{- define "network-policy.egress.extra" -}}
{{- with include "network-policy.internal.check.rule" . }}
{{- fail (replace "\n" "\nrule" .) }}
{{- end }}
{{- template "network-policy.internal.render.extra-rule" . }}
{{- end -}}
