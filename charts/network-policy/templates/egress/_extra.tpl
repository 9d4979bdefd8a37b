{{/*
network-policy.egress.extra: one extra rule from the values.

Input   a NetworkPolicyEgressRule; a port without a protocol is TCP; {} allows everything, as in Kubernetes
Output  one element of spec.egress
Fails   if it is not such a rule
*/}}
{{- define "network-policy.egress.extra" -}}
{{- with include "network-policy.internal.check.rule" (dict "rule" . "peers" "to") }}
{{- fail (replace "\n" "\nrule" .) }}
{{- end }}
{{- template "network-policy.internal.networkpolicy.render.extra-rule" (dict "rule" . "peers" "to") }}
{{- end -}}
