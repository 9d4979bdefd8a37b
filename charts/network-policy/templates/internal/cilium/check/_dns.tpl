{{/*
network-policy.internal.cilium.check.dns: checks that the DNS rule can carry names, if this release or, in a namespace,
another one has hosts.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.cilium.check.dns" -}}
{{- $settings := .Values.networkPolicy }}
{{- $dns := kindIs "map" $settings.dns | ternary $settings.dns dict }}
{{- $hasHosts := include "network-policy.internal.hosts.check.has-hosts" $settings.dependencies }}
{{- template "network-policy.internal.hosts.check.dns" . }}
{{- if eq (toString $dns.profile) "custom" }}
{{- with include "network-policy.internal.cilium.check.peers" $dns.to }}
{{- replace "\n" "\n.to" . }}
{{- end }}
{{- with include "network-policy.internal.cilium.check.ports" (dict "ports" $dns.ports "dialect" $settings.dialect) }}
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
