{{/*
network-policy.internal.hosts.check.values: checks the DNS of pods with rules for hosts.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.hosts.check.values" -}}
{{- with include "network-policy.internal.hosts.check.dns" . }}
{{- replace "\n" "\nnetworkPolicy.dns" . }}
{{- end }}
{{- end -}}
