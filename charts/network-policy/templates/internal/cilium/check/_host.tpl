{{/*
network-policy.internal.cilium.check.host: checks that this version of Cilium can say a host.

Input   as network-policy.internal.hosts.check.host
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.cilium.check.host" -}}
{{- if and (hasPrefix "**" .host) (include "network-policy.internal.cilium.check.version" (dict "dialect" .dialect "minor" 19)) }}
: {{ .host | toJson | trunc 80 }} needs Cilium 1.19 or later, because Cilium {{ .dialect.version }} reads **. as one label; write *. for one label, or each host
{{- end }}
{{- end -}}
