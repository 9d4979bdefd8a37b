{{/*
network-policy.internal.istio.check.host: checks that an egress gateway can lead to a host: it resolves the name itself.

Input   as network-policy.internal.hosts.check.host
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.istio.check.host" -}}
{{- if hasPrefix "*" .host }}
: {{ .host | toJson | trunc 80 }} has a wildcard, and the egress gateway resolves the host itself; write each host
{{- end }}
{{- end -}}
