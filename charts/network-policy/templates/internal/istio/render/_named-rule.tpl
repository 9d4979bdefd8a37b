{{/*
network-policy.internal.istio.render.named-rule: the rule for one dependency or caller, from validated values. Hosts are
in the Sidecar, by the namespace that the dialect of each release has, so they have no rule here.

Input   as network-policy.internal.networkpolicy.render.named-rule; the rule can have hosts instead of peers
Output  one element of spec.egress or spec.ingress, with a comment; nothing for hosts
Needs   network-policy.internal.istio.check.named-rule found nothing
*/}}
{{- define "network-policy.internal.istio.render.named-rule" -}}
{{- if not (and .rule.hosts (eq .peers "to")) }}
{{- template "network-policy.internal.networkpolicy.render.named-rule" . }}
{{- end }}
{{- end -}}
