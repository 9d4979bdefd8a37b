{{/*
network-policy.internal.calico.render.named-rule: the rules for one dependency or caller, from validated values.

Input   as network-policy.internal.networkpolicy.render.named-rule; the rule can have entities
Output  elements of spec.egress or spec.ingress, with a comment
Needs   network-policy.internal.calico.check.named-rule found nothing
*/}}
{{- define "network-policy.internal.calico.render.named-rule" -}}
{{- template "network-policy.internal.calico.render.rules" (dict "comment" (include "network-policy.internal.render.comment" .) "rule" .rule "peers" .peers) }}
{{- end -}}
