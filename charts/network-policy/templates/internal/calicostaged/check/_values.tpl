{{/*
network-policy.internal.calicostaged.check.values: checks that nothing is set that only Cilium has.

Input   the root context, or a dict with its Values
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.calicostaged.check.values" -}}
{{- template "network-policy.internal.networkpolicy.check.values" . }}
{{- end -}}
