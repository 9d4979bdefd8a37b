{{/*
network-policy.internal.render.ports: a list of NetworkPolicyPort, in the place it has below `ports:` of a rule.

Input   list of ports; one without a protocol is TCP, one without a port is every port of its protocol
Output  one element for each, in the order given, each after a line break and indented by 4
Needs   network-policy.internal.check.ports found nothing
*/}}
{{- define "network-policy.internal.render.ports" -}}
{{- range . }}
    - protocol: {{ or .protocol "TCP" }}
      {{- if .port }}
      {{- /* A number may be a float, which prints as 1.2345e+07. */}}
      port: {{ if kindIs "string" .port }}{{ .port | quote }}{{ else }}{{ .port | int }}{{ end }}
      {{- end }}
      {{- if .endPort }}
      endPort: {{ .endPort | int }}
      {{- end }}
{{- end }}
{{- end -}}
