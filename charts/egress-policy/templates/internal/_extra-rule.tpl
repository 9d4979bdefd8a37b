{{/*
egress-policy.internal.extra-rule: an extra rule, values already checked.

Input   a NetworkPolicyEgressRule
Output  one element of spec.egress; an absent or empty `to` or `ports` is left out: both mean everything to Kubernetes
Needs   egress-policy.internal.extra-problems found nothing
*/}}
{{- define "egress-policy.internal.extra-rule" -}}
{{- if .to -}}
- to:
    {{- template "egress-policy.internal.peers" .to }}
{{- if .ports }}
  ports:
    {{- template "egress-policy.internal.ports" .ports }}
{{- end }}
{{- else if .ports -}}
- ports:
    {{- template "egress-policy.internal.ports" .ports }}
{{- else -}}
- {}
{{- end }}
{{- end -}}
