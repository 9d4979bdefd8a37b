{{/*
network-policy.internal.eks.check.named-rule: checks a dependency or caller, which can have hosts instead of peers.

Input   as network-policy.internal.check.direction gives it to its `check`
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.eks.check.named-rule" -}}
{{- template "network-policy.internal.hosts.check.named-rule" (dict "rule" .rule "peers" .peers "dialect" .dialect "check" "network-policy.internal.eks.check.host") }}
{{- end -}}
