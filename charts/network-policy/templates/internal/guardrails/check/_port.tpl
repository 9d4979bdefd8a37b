{{/*
network-policy.internal.guardrails.check.port: checks a port that a guardrail denies: a number, or a range of them.

Input   item   map with port, protocol and optionally endPort
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.port" -}}
{{- range $key, $value := .item }}
{{- if has $key (list "port" "endPort") }}
{{- $number := int $value }}
{{- if or (kindIs "string" $value) (lt $number 1) (gt $number 65535) (ne (print $value) (print $number)) }}
.{{ $key }}: {{ $value | toJson | trunc 80 }} is not a port; write 1 to 65535
{{- end }}
{{- else if ne $key "protocol" }}
.{{ $key }}: unknown key; write port, endPort or protocol
{{- end }}
{{- end }}
{{- if not (hasKey .item "port") }}
.port: is missing; write 1 to 65535
{{- else if and (hasKey .item "endPort") (lt (int .item.endPort) (int .item.port)) }}
.endPort: {{ .item.endPort | toJson | trunc 80 }} is below port; write the last port of the range
{{- end }}
{{- if not (has .item.protocol (list "TCP" "UDP" "SCTP")) }}
.protocol: {{ .item.protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end -}}
