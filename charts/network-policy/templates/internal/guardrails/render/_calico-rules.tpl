{{/*
network-policy.internal.guardrails.render.calico-rules: what a guardrail denies in one direction, as Calico has rules.

Input   as network-policy.internal.guardrails.render.rules
Output  the same
*/}}
{{- define "network-policy.internal.guardrails.render.calico-rules" -}}
{{- $start := "" }}
{{- $comment := include "network-policy.internal.render.comment" (dict "key" .name "rule" (pick .guardrail "purpose")) }}
{{- range $rule := .guardrail.rules }}
{{- if index $rule $.peers }}
{{- $start }}{{ template "network-policy.internal.calico.render.rules" (dict "comment" $comment "rule" $rule "peers" $.peers "action" "Deny") }}
{{- $start = "\n" }}
{{- end }}
{{- end }}
{{- end -}}
