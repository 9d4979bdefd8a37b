{{/*
network-policy.internal.hosts.check.dns: checks that pods with rules for hosts cannot choose their DNS server: its
answers would open any address.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.hosts.check.dns" -}}
{{- $settings := .Values.networkPolicy }}
{{- $hasHosts := include "network-policy.internal.hosts.check.has-hosts" $settings.dependencies }}
{{- range $optIn := kindIs "map" $settings.optIns | ternary $settings.optIns dict }}
{{- if kindIs "map" $optIn }}
{{- $hasHosts = or $hasHosts (include "network-policy.internal.hosts.check.has-hosts" $optIn.dependencies) }}
{{- end }}
{{- end }}
{{- $dns := kindIs "map" $settings.dns | ternary $settings.dns dict }}
{{- $problem := "cannot be used with hosts: a pod could ask a DNS server of its own, and so reach any address; write" }}
{{- if not $hasHosts }}
{{- else if eq (toString $dns.profile) "any" }}
.profile: any {{ $problem }} the profile of the cluster's DNS
{{- else if eq (toString $dns.profile) "custom" }}
{{- range $index, $peer := kindIs "slice" $dns.to | ternary $dns.to list }}
{{- if kindIs "map" $peer }}
{{- $block := kindIs "map" $peer.ipBlock | ternary $peer.ipBlock dict }}
{{- $isEveryNamespace := and (kindIs "map" $peer.namespaceSelector) (not (or ($peer.namespaceSelector | default dict).matchLabels ($peer.namespaceSelector | default dict).matchExpressions)) }}
{{- if hasSuffix "/0" (toString $block.cidr) }}
.to[{{ $index }}].ipBlock.cidr: {{ $block.cidr }} {{ $problem }} the addresses of the cluster's DNS
{{- else if $isEveryNamespace }}
.to[{{ $index }}].namespaceSelector: every namespace {{ $problem }} the namespace of the cluster's DNS
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
