{{/*
network-policy.internal.networkpolicy.render.extra-rule: an extra rule, from validated values.

Input   rule    a NetworkPolicyEgressRule or NetworkPolicyIngressRule
        peers   `to` or `from`
Output  one element of spec.egress or spec.ingress; absent or empty peers or ports are left out: both mean everything in
        Kubernetes
Needs   network-policy.internal.check.rule found nothing
*/}}
{{- define "network-policy.internal.networkpolicy.render.extra-rule" -}}
{{- $peers := index .rule .peers }}
{{- if $peers -}}
- {{ .peers }}:
    {{- include "network-policy.internal.networkpolicy.render.peers" $peers | nindent 4 }}
{{- if .rule.ports }}
  ports:
    {{- include "network-policy.internal.networkpolicy.render.ports" .rule.ports | nindent 4 }}
{{- end }}
{{- else if .rule.ports -}}
- ports:
    {{- include "network-policy.internal.networkpolicy.render.ports" .rule.ports | nindent 4 }}
{{- else -}}
- {}
{{- end }}
{{- end -}}
