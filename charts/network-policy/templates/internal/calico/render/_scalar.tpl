{{/*
network-policy.internal.calico.render.scalar: a selector as a YAML value.

Input   the output of network-policy.internal.calico.render.selector
Output  a scalar on one line; in double quotes if it starts with a character that YAML gives a meaning
*/}}
{{- define "network-policy.internal.calico.render.scalar" -}}
{{- if hasPrefix "!" . -}}
{{ quote . }}
{{- else -}}
{{ . }}
{{- end }}
{{- end -}}
