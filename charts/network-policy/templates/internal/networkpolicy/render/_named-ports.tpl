{{/*
network-policy.internal.networkpolicy.render.named-ports: the ports of a dependency or caller, from validated values.

Input   the dependency or caller
Output  elements of ports
*/}}
{{- define "network-policy.internal.networkpolicy.render.named-ports" -}}
{{- if .allPorts }}
{{- $start := "- " }}
{{- range .allPorts }}
{{- $start }}protocol: {{ . }}
{{- $start = "\n- " }}
{{- end }}
{{- else }}
{{- template "network-policy.internal.networkpolicy.render.ports" .ports }}
{{- end }}
{{- end -}}
