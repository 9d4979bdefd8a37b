{{/*
network-policy.internal.networkpolicy.check.named-rule: checks a dependency or caller. Hosts and entities have no
effect here, so it needs peers.

Input   as network-policy.internal.check.named-rule
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.networkpolicy.check.named-rule" -}}
{{- template "network-policy.internal.check.named-rule" . }}
{{- end -}}
