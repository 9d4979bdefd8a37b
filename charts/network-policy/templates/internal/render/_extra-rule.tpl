{{/*
network-policy.internal.render.extra-rule: an extra rule, from validated values.

Input   a NetworkPolicyEgressRule
Output  one element of spec.egress; an absent or empty `to` or `ports` is left out: both mean everything in Kubernetes
Needs   network-policy.internal.check.rule found nothing
*/}}
{{- define "network-policy.internal.render.extra-rule" -}}
{{- if .to -}}
- to:
    {{- include "network-policy.internal.render.peers" .to | nindent 4 }}
{{- if .ports }}
  ports:
    {{- include "network-policy.internal.render.ports" .ports | nindent 4 }}
{{- end }}
{{- else if .ports -}}
- ports:
    {{- include "network-policy.internal.render.ports" .ports | nindent 4 }}
{{- else -}}
- {}
{{- end }}
{{- end -}}
