{{/*
network-policy.internal.networkpolicy.render.ports: a list of NetworkPolicyPort.

Input   list of ports; one without a protocol is TCP, one without a port is every port of its protocol
Output  one element per port, in the given order
Needs   network-policy.internal.check.ports found nothing
*/}}
{{- define "network-policy.internal.networkpolicy.render.ports" -}}
{{- $start := "- " }}
{{- range . }}
{{- $start }}protocol: {{ or .protocol "TCP" }}
  {{- /* Render an invalid port too, so that the API server refuses it: an absent port means every port. */}}
  {{- if not (kindIs "invalid" .port) }}
  port: {{ if kindIs "string" .port }}{{ template "network-policy.internal.render.string" .port }}{{ else }}{{ toJson .port }}{{ end }}
  {{- end }}
  {{- if not (kindIs "invalid" .endPort) }}
  endPort: {{ toJson .endPort }}
  {{- end }}
{{- $start = "\n- " }}
{{- end }}
{{- end -}}
