{{/*
network-policy.internal.gateway.check.port: checks a number of a port.

Input   the number
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.gateway.check.port" -}}
{{- $number := int . }}
{{- if or (kindIs "string" .) (lt $number 1) (gt $number 65535) (ne (print .) (print $number)) }}
: {{ . | toJson | trunc 80 }} is not a port; write 1 to 65535
{{- end }}
{{- end -}}
