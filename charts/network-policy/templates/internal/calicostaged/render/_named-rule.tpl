{{/*
network-policy.internal.calicostaged.render.named-rule: the rule for one dependency or caller, as in a
NetworkPolicy.

Input   as network-policy.internal.networkpolicy.render.named-rule
Output  as network-policy.internal.networkpolicy.render.named-rule
*/}}
{{- define "network-policy.internal.calicostaged.render.named-rule" -}}
{{- template "network-policy.internal.networkpolicy.render.named-rule" . }}
{{- end -}}
