{{/*
network-policy.internal.networkpolicy.render.ingress: the ingress list of one service, from validated values.

Input   as network-policy.internal.networkpolicy.render.policy
Output  as network-policy.ingress
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.networkpolicy.render.ingress" -}}
{{- $settings := .Values.networkPolicy | default dict }}
{{- $isEmpty := true }}
{{- range $key, $caller := $settings.callers }}
{{- /* A later values file removes a caller with null, and Helm may leave the null in place. */}}
{{- if $caller }}
{{- if not $isEmpty }}
{{ end }}
{{- $isEmpty = false }}
{{- if kindIs "string" $caller }}{{ index $.rules $caller }}{{ else }}{{ template "network-policy.internal.networkpolicy.render.named-rule" (dict "key" $key "rule" $caller "peers" "from") }}{{ end }}
{{- end }}
{{- end }}
{{- range $index, $rule := $settings.ingress }}
{{- if not $isEmpty }}
{{ end }}
{{- $isEmpty = false -}}
# networkPolicy.ingress[{{ $index }}]
{{ template "network-policy.internal.networkpolicy.render.extra-rule" (dict "rule" $rule "peers" "from") }}
{{- end }}
{{- if $isEmpty -}}
[]
{{- end }}
{{- end -}}
