{{/*
network-policy.internal.networkpolicy.render.egress: the egress list of one service, from validated values.

Input   as network-policy.internal.networkpolicy.render.policy
Output  as network-policy.egress
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.networkpolicy.render.egress" -}}
{{- $settings := .Values.networkPolicy | default dict }}
{{- $isEmpty := eq (toString ($settings.dns | default dict).profile) "none" }}
{{- if not .isOptIn }}
{{- template "network-policy.internal.networkpolicy.render.dns-rule" $settings.dns }}
{{- end }}
{{- range $key, $dependency := $settings.dependencies }}
{{- /* A later values file removes a dependency with null, and Helm may leave the null in place. */}}
{{- if $dependency }}
{{- $isEmpty = false }}
{{ if kindIs "string" $dependency }}{{ index $.rules $dependency }}{{ else }}{{ template "network-policy.internal.networkpolicy.render.named-rule" (dict "key" $key "rule" $dependency "peers" "to") }}{{ end }}
{{- end }}
{{- end }}
{{- range $index, $rule := $settings.egress }}
{{- $isEmpty = false }}
# networkPolicy.egress[{{ $index }}]
{{ template "network-policy.internal.networkpolicy.render.extra-rule" (dict "rule" $rule "peers" "to") }}
{{- end }}
{{- if $isEmpty }}
[]
{{- end }}
{{- end -}}
