{{/*
network-policy.internal.check.dependency: checks that a dependency has peers and ports.

Input   the dependency
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.dependency" -}}
{{- range $key, $_ := omit . "name" "purpose" "hosts" "to" "ports" "allPorts" }}
.{{ $key }}: unknown key; write name, purpose, hosts, to, ports or allPorts
{{- end }}
{{- if and .ports .allPorts }}
.allPorts: cannot be used with ports; remove one of the two
{{- else if .allPorts }}
{{- range $index, $protocol := .allPorts }}
{{- if not (has $protocol (list "TCP" "UDP" "SCTP")) }}
.allPorts[{{ $index }}]: {{ $protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.peers" .to }}
{{- replace "\n" "\n.to" . }}
{{- end }}
{{- else }}
{{- template "network-policy.internal.check.written" . }}
{{- end }}
{{- end -}}
