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
  {{- /* What is no port at all is rendered too: absent, it would be every port, and the API server refuses it. */}}
  {{- if not (kindIs "invalid" .port) }}
  port: {{ if kindIs "string" .port }}{{ template "network-policy.internal.render.string" .port }}{{ else }}{{ toJson .port }}{{ end }}
  {{- end }}
  {{- if not (kindIs "invalid" .endPort) }}
  endPort: {{ toJson .endPort }}
  {{- end }}
{{- $start = "\n- " }}
{{- end }}
{{- end -}}
