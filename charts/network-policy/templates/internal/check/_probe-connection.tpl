{{/*
network-policy.internal.check.probe-connection: checks that a connection is rendered as written, with a valid
expectation.

Input   the connection: expect, host, port, protocol
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.probe-connection" -}}
{{- range $name, $_ := omit . "expect" "host" "port" "protocol" }}
.{{ $name }}: unknown key; write expect, host, port or protocol
{{- end }}
{{- if not (has .expect (list "allow" "deny")) }}
.expect: {{ .expect | toJson | trunc 80 }} is not what can be expected; write allow or deny
{{- end }}
{{- if not (regexMatch "^([a-z0-9]([-.a-z0-9]*[a-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$" (toString .host)) }}
.host: {{ .host | toJson | trunc 80 }} is not a host; write a DNS name in lower case, or an address
{{- end }}
{{- $port := int .port }}
{{- if or (lt $port 1) (gt $port 65535) (ne (print .port) (print $port)) }}
.port: {{ .port | toJson | trunc 80 }} is not a port; write 1 to 65535
{{- end }}
{{- end -}}
