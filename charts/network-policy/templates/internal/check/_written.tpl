{{/*
network-policy.internal.check.written: checks that a rule has peers and ports, because in Kubernetes absent means
everything.

Input   rule       a map with peers and ports
        peers      `to` or `from`
        hasOther   as network-policy.internal.check.named-rule
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.written" -}}
{{- if or (index .rule .peers) (not .hasOther) }}
{{- with include "network-policy.internal.check.peers" (index .rule .peers) }}
{{- replace "\n" (print "\n." $.peers) . }}
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.ports" .rule.ports }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- range $index, $port := .rule.ports }}
{{- if kindIs "invalid" $port.port }}
.ports[{{ $index }}].port: is missing, which Kubernetes reads as every port; write a number or a name
{{- end }}
{{- else }}
.ports: has no port, which Kubernetes reads as every port; write at least one port, or in a dependency or caller allPorts: [TCP]
{{- end }}
{{- end -}}
