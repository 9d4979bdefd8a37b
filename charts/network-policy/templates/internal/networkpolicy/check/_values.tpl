{{/*
network-policy.internal.networkpolicy.check.values: nothing: a NetworkPolicy can
say all that values can. Every dialect has this define.

Input   the root context, or a dict with its Values
Output  nothing
*/}}
{{- define "network-policy.internal.networkpolicy.check.values" -}}
{{- end -}}
