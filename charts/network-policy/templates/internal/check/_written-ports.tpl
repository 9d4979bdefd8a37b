{{/*
network-policy.internal.check.written-ports: what is wrong with a list of ports where nothing may be left to a default:
at least one port, each with its number or name and its protocol.

Input   the list
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.written-ports" -}}
{{- if not . }}
: names no port, and Kubernetes reads that as every port; write at least one port, or in a dependency allPorts: [TCP]
{{- else }}
{{- with include "network-policy.internal.check.ports" . }}
{{- . }}
{{- else }}
{{- range $index, $port := . }}
{{- if not $port.protocol }}
[{{ $index }}].protocol: is missing; write TCP, UDP or SCTP
{{- end }}
{{- if not $port.port }}
[{{ $index }}].port: is missing; write a number or a name
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
