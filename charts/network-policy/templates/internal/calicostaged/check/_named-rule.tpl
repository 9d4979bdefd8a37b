{{/*
network-policy.internal.calicostaged.check.named-rule: checks a dependency or caller, as in a
NetworkPolicy.

Input   as network-policy.internal.check.named-rule
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.calicostaged.check.named-rule" -}}
{{- template "network-policy.internal.networkpolicy.check.named-rule" . }}
{{- end -}}
