{{/*
network-policy.internal.networkpolicy.render.named-rule: the rule for one dependency or caller, from validated values.

Input   key     string, the name of the rule if it has no `name`
        rule    as the dependency of network-policy.egress.dependency, or the caller of network-policy.ingress.caller
        peers   `to` or `from`
Output  one element of spec.egress or spec.ingress, with a comment
Needs   network-policy.internal.check.named-rule found nothing: peers and ports are not empty here
*/}}
{{- define "network-policy.internal.networkpolicy.render.named-rule" -}}
# {{ template "network-policy.internal.render.comment" . }}
- {{ .peers }}:
    {{- include "network-policy.internal.networkpolicy.render.peers" (index .rule .peers) | nindent 4 }}
  ports:
    {{- include "network-policy.internal.networkpolicy.render.named-ports" .rule | nindent 4 }}
{{- end -}}
