{{/*
network-policy.internal.istio.check.named-rule: checks a dependency or caller. For hosts, the egress gateway takes
single ports of TCP only.

Input   as network-policy.internal.check.direction gives it to its `check`
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.istio.check.named-rule" -}}
{{- template "network-policy.internal.hosts.check.named-rule" (dict "rule" .rule "peers" .peers "dialect" .dialect "check" "network-policy.internal.istio.check.host") }}
{{- if and .rule.hosts (eq .peers "to") }}
{{- range $index, $port := .rule.ports }}
{{- if not (kindIs "invalid" $port.endPort) }}
.ports[{{ $index }}].endPort: cannot be used with hosts: Istio lists each port of a host; write each port
{{- end }}
{{- if has (toString $port.protocol) (list "UDP" "SCTP") }}
.ports[{{ $index }}].protocol: {{ $port.protocol }} cannot be used with hosts: the egress gateway goes by the server name of TLS over TCP; write TCP
{{- end }}
{{- end }}
{{- if .rule.allPorts }}
.allPorts: cannot be used with hosts: Istio lists each port of a host; write ports
{{- end }}
{{- end }}
{{- end -}}
