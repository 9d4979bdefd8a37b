{{/*
network-policy.internal.render.extra-rule: an extra rule, values already checked.

Input   a NetworkPolicyEgressRule
Output  one element of spec.egress; an absent or empty `to` or `ports` is left out: both mean everything to Kubernetes
Needs   network-policy.internal.check.extra found nothing
*/}}
{{- define "network-policy.internal.render.extra-rule" -}}
{{- if .to -}}
- to:
    {{- template "network-policy.internal.render.peers" .to }}
{{- if .ports }}
  ports:
    {{- template "network-policy.internal.render.ports" .ports }}
{{- end }}
{{- else if .ports -}}
- ports:
    {{- template "network-policy.internal.render.ports" .ports }}
{{- else -}}
- {}
{{- end }}
{{- end -}}
