{{/*
network-policy.internal.gke.check.named-rule: checks a dependency or caller. For hosts, GKE takes single ports of TCP
and UDP only.

Input   as network-policy.internal.check.direction gives it to its `check`
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.gke.check.named-rule" -}}
{{- template "network-policy.internal.hosts.check.named-rule" (dict "rule" .rule "peers" .peers "dialect" .dialect "check" "network-policy.internal.gke.check.host") }}
{{- if and .rule.hosts (eq .peers "to") }}
{{- range $index, $port := .rule.ports }}
{{- if not (kindIs "invalid" $port.endPort) }}
.ports[{{ $index }}].endPort: cannot be used with hosts: GKE takes single ports only for hosts; write each port
{{- end }}
{{- if eq (toString $port.protocol) "SCTP" }}
.ports[{{ $index }}].protocol: SCTP cannot be used with hosts: GKE takes TCP and UDP only for hosts; write TCP or UDP
{{- end }}
{{- end }}
{{- $protocols := .rule.allPorts | default list | uniq }}
{{- if and (has "SCTP" $protocols) (ne (len $protocols) 3) }}
.allPorts: SCTP cannot be used with hosts, unless with TCP and UDP; write TCP, UDP, or all three
{{- end }}
{{- end }}
{{- end -}}
