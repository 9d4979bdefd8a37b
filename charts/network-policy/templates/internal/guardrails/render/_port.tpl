{{/*
network-policy.internal.guardrails.render.port: a port, or a range of ports, which has more than one: these policies
have no range of one port.

Input   port   map with port, protocol and optionally endPort
        api    as network-policy.internal.guardrails.render.rules
Output  the fields of one element of protocols, or of ports
*/}}
{{- define "network-policy.internal.guardrails.render.port" -}}
{{- $first := int .port.port }}
{{- $last := .port.endPort | default $first | int }}
{{- if eq .api.ports "protocols" -}}
{{ lower .port.protocol }}:
  destinationPort:
    {{- if eq $first $last }}
    number: {{ $first }}
    {{- else }}
    range:
      start: {{ $first }}
      end: {{ $last }}
    {{- end }}
{{- else if eq $first $last -}}
portNumber:
  protocol: {{ .port.protocol }}
  port: {{ $first }}
{{- else -}}
portRange:
  protocol: {{ .port.protocol }}
  start: {{ $first }}
  end: {{ $last }}
{{- end }}
{{- end -}}
