{{/*
network-policy.internal.render.selector: the fields of a LabelSelector.

Input   map   matchLabels: map of strings; a null counts as absent; matchExpressions: list of key, operator, values
Output  its fields; nothing for an empty selector, which selects everything and is written as `{}`
Needs   network-policy.internal.check.selector found nothing
*/}}
{{- define "network-policy.internal.render.selector" -}}
{{- with .matchLabels -}}
matchLabels:
  {{- include "network-policy.internal.render.strings" . | nindent 2 }}
{{- end }}
{{- with .matchExpressions }}
{{- if $.matchLabels }}
{{ end -}}
matchExpressions:
  {{- range . }}
  - key: {{ template "network-policy.internal.render.string" .key }}
    operator: {{ .operator }}
    {{- if .values }}
    values:
      {{- range .values }}
      - {{ template "network-policy.internal.render.string" . }}
      {{- end }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end -}}
