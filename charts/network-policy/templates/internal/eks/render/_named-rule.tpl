{{/*
network-policy.internal.eks.render.named-rule: the rule for one dependency or caller, from validated values.

A wildcard of an ApplicationNetworkPolicy stands for one or more labels, as `**.` does in the values.

Input   as network-policy.internal.networkpolicy.render.named-rule; the rule can have hosts instead of peers
Output  one element of spec.egress or spec.ingress, with a comment
Needs   network-policy.internal.eks.check.named-rule found nothing
*/}}
{{- define "network-policy.internal.eks.render.named-rule" -}}
{{- if and .rule.hosts (eq .peers "to") -}}
# {{ template "network-policy.internal.render.comment" . }}
- to:
    - domainNames:
        {{- range uniq .rule.hosts }}
        - {{ replace "**." "*." . | include "network-policy.internal.render.string" }}
        {{- end }}
  ports:
    {{- include "network-policy.internal.networkpolicy.render.named-ports" .rule | nindent 4 }}
{{- else }}
{{- template "network-policy.internal.networkpolicy.render.named-rule" . }}
{{- end }}
{{- end -}}
