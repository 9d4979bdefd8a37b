{{/*
network-policy.internal.check.written: checks that a rule has peers and ports, because in Kubernetes absent means
everything.

Input   to, ports
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.written" -}}
{{- with include "network-policy.internal.check.peers" .to }}
{{- replace "\n" "\n.to" . }}
{{- end }}
{{- with include "network-policy.internal.check.ports" .ports }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- range $index, $port := .ports }}
{{- if kindIs "invalid" $port.port }}
.ports[{{ $index }}].port: is missing, which Kubernetes reads as every port; write a number or a name
{{- end }}
{{- else }}
.ports: has no port, which Kubernetes reads as every port; write at least one port, or in a dependency allPorts: [TCP]
{{- end }}
{{- end -}}
