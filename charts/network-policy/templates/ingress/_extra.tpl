{{/*
network-policy.ingress.extra: one extra rule for ingress from the values.

Input   a NetworkPolicyIngressRule; a port without a protocol is TCP; {} allows everything, as in Kubernetes
Output  one element of spec.ingress
Fails   if it is not such a rule
*/}}
{{- define "network-policy.ingress.extra" -}}
{{- with include "network-policy.internal.check.rule" (dict "rule" . "peers" "from") }}
{{- fail (replace "\n" "\nrule" .) }}
{{- end }}
{{- template "network-policy.internal.networkpolicy.render.extra-rule" (dict "rule" . "peers" "from") }}
{{- end -}}
