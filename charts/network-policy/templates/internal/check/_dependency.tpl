{{/*
network-policy.internal.check.dependency: what is wrong with one dependency.

Input   the dependency
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.dependency" -}}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "name" "purpose" "hosts" "to" "ports" "allPorts" }}
.{{ $key }}: no such key; write name, purpose, hosts, to, ports or allPorts
{{- end }}
{{- if .name }}
{{- if not (kindIs "string" .name) }}
.name: {{ .name | toJson | trunc 80 }} is not a string; write it in quotes
{{- end }}
{{- end }}
{{- if .purpose }}
{{- if not (kindIs "string" .purpose) }}
.purpose: {{ .purpose | toJson | trunc 80 }} is not a string; write it in quotes
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.peers" .to }}
{{- replace "\n" "\n.to" . }}
{{- end }}
{{- if not .allPorts }}
{{- with include "network-policy.internal.check.written-ports" .ports }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- else if not (kindIs "slice" .allPorts) }}
.allPorts: {{ .allPorts | toJson | trunc 80 }} is not a list; write each protocol after a hyphen
{{- else }}
{{- if .ports }}
.allPorts: excludes ports; write one of the two
{{- end }}
{{- range $index, $protocol := .allPorts }}
{{- if not (has $protocol (list "TCP" "UDP" "SCTP")) }}
.allPorts[{{ $index }}]: {{ $protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end }}
{{- end }}
{{- else }}
: {{ . | toJson | trunc 80 }} is not a map; write to and ports below it, or null to drop the dependency
{{- end }}
{{- end -}}
