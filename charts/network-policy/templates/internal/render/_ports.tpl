{{/*
network-policy.internal.render.ports: a list of NetworkPolicyPort.

Input   list of ports; one without a protocol is TCP, one without a port is every port of its protocol
Output  one element for each, in the order given
Needs   network-policy.internal.check.ports found nothing
*/}}
{{- define "network-policy.internal.render.ports" -}}
{{- $start := "- " }}
{{- range . }}
{{- $start }}protocol: {{ or .protocol "TCP" }}
  {{- if .port }}
  {{- /* A number may be a float, which prints as 1.2345e+07. */}}
  port: {{ if kindIs "string" .port }}{{ template "network-policy.internal.render.string" .port }}{{ else }}{{ .port | int }}{{ end }}
  {{- end }}
  {{- if .endPort }}
  endPort: {{ .endPort | int }}
  {{- end }}
{{- $start = "\n- " }}
{{- end }}
{{- end -}}
