{{/*
network-policy.internal.cilium.render.requirement: an element of matchExpressions without its key.

Input   map with operator and values
Output  these fields
*/}}
{{- define "network-policy.internal.cilium.render.requirement" -}}
operator: {{ .operator }}
{{- if .values }}
values:
  {{- range .values }}
  - {{ template "network-policy.internal.render.string" . }}
  {{- end }}
{{- end }}
{{- end -}}
