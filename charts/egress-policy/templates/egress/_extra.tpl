{{/*
egress-policy.egress.extra: one extra rule as an operator wrote it.

Input   a NetworkPolicyEgressRule; a port without a protocol is TCP; {} allows everything, as it does in Kubernetes
Output  one element of spec.egress
Fails   when it is no such rule
*/}}
{{- define "egress-policy.egress.extra" -}}
{{- with include "egress-policy.internal.extra-problems" . }}
{{- fail (replace "\n" "\nrule" .) }}
{{- end }}
{{- template "egress-policy.internal.extra-rule" . }}
{{- end -}}
