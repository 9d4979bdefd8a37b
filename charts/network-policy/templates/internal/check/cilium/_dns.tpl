{{/*
network-policy.internal.check.cilium.dns: checks that the DNS rule can carry names, if this release or, in a namespace,
another one has hosts.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.cilium.dns" -}}
{{- $settings := .Values.networkPolicy }}
{{- $dns := kindIs "map" $settings.dns | ternary $settings.dns dict }}
{{- $hasHosts := false }}
{{- range $dependency := kindIs "map" $settings.dependencies | ternary $settings.dependencies dict }}
{{- if kindIs "map" $dependency }}
{{- if $dependency.hosts }}
{{- $hasHosts = true }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $hasHosts (eq (toString $dns.profile) "any") }}
.profile: any cannot be used with hosts: a pod could ask a DNS server of its own, and so reach any address; write the profile of the cluster's DNS
{{- else if eq (toString $dns.profile) "custom" }}
{{- with include "network-policy.internal.check.cilium.peers" $dns.to }}
{{- replace "\n" "\n.to" . }}
{{- end }}
{{- with include "network-policy.internal.check.cilium.ports" (dict "ports" $dns.ports "dialect" $settings.dialect) }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- if or $hasHosts (eq (toString .isNamespace) "true") }}
{{- range $index, $port := $dns.ports }}
{{- if not (kindIs "invalid" $port.endPort) }}
.ports[{{ $index }}].endPort: cannot be used with hosts{{ if $.isNamespace }}, which services of the namespace can have{{ end }}: Cilium reads names on single ports only; write each port
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
