{{/*
egress-policy.internal.probe-connection-problems: what is wrong with one connection to try.

Input   key          its key
        connection   expect, host, port, protocol
Output  as egress-policy.internal.problems
*/}}
{{- define "egress-policy.internal.probe-connection-problems" -}}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" .key) }}
: is no key of a connection; write lower-case letters, digits and hyphens
{{- end }}
{{- if kindIs "map" .connection }}
{{- range $name, $_ := omit .connection "expect" "host" "port" "protocol" }}
.{{ $name }}: no such key; write expect, host, port or protocol
{{- end }}
{{- if not (has .connection.expect (list "allow" "deny")) }}
.expect: {{ .connection.expect | toJson | trunc 80 }} is not what can be expected; write allow or deny
{{- end }}
{{- if not (and (kindIs "string" .connection.host) (regexMatch "^([a-z0-9]([-.a-z0-9]*[a-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$" (toString .connection.host))) }}
.host: {{ .connection.host | toJson | trunc 80 }} is not a host; write a DNS name in lower case, or an address
{{- end }}
{{- $port := int .connection.port }}
{{- if or (lt $port 1) (gt $port 65535) (kindIs "string" .connection.port) (ne (print .connection.port) (print $port)) }}
.port: {{ .connection.port | toJson | trunc 80 }} is not a port; write 1 to 65535
{{- end }}
{{- if not (has .connection.protocol (list "TCP" "UDP" "SCTP")) }}
{{- if not (kindIs "invalid" .connection.protocol) }}
.protocol: {{ .connection.protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end }}
{{- else }}
: {{ .connection | toJson | trunc 80 }} is not a map; write expect, host and port below it, or null to drop the connection
{{- end }}
{{- end -}}
