{{/*
network-policy.internal.gke.check.host: checks that an FQDNNetworkPolicy can say a host: its wildcard stands for
characters of one label.

Input   as network-policy.internal.hosts.check.host
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.gke.check.host" -}}
{{- if hasPrefix "**" .host }}
: {{ .host | toJson | trunc 80 }} stands for one or more labels, and a wildcard in GKE for one; write *. for one label, or each host
{{- end }}
{{- end -}}
