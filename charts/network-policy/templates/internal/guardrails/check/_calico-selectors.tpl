{{/*
network-policy.internal.guardrails.check.calico-selectors: checks that Calico takes each selector as it is meant.

Input   the guardrail
Output  as network-policy.internal.check.values
Needs   network-policy.internal.guardrails.check.shape found nothing
*/}}
{{- define "network-policy.internal.guardrails.check.calico-selectors" -}}
{{- range $field, $selector := pick . "namespaceSelector" "podSelector" }}
{{- with include "network-policy.internal.calico.check.selector" (dict "selector" $selector "isOfPeer" (eq $field "podSelector")) }}
{{- replace "\n" (printf "\n.%s" $field) . }}
{{- end }}
{{- end }}
{{- range $number, $rule := .rules }}
{{- range $peers := list "to" "from" }}
{{- with include "network-policy.internal.calico.check.peers" (index $rule $peers) }}
{{- replace "\n" (printf "\n.rules[%d].%s" $number $peers) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
