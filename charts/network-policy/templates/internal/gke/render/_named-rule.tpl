{{/*
network-policy.internal.gke.render.named-rule: the rule for one dependency or caller, from validated values.

An FQDNNetworkPolicy knows TCP and UDP; without ports it allows every port of every protocol.

Input   as network-policy.internal.networkpolicy.render.named-rule; the rule can have hosts instead of peers
Output  one element of spec.egress or spec.ingress, with a comment
Needs   network-policy.internal.gke.check.named-rule found nothing
*/}}
{{- define "network-policy.internal.gke.render.named-rule" -}}
{{- if and .rule.hosts (eq .peers "to") -}}
# {{ template "network-policy.internal.render.comment" . }}
- matches:
    {{- range .rule.hosts }}
    - {{ hasPrefix "*" . | ternary "pattern" "name" }}: {{ template "network-policy.internal.render.string" . }}
    {{- end }}
  {{- $isEveryProtocol := eq (.rule.allPorts | default list | uniq | len) 3 }}
  {{- if not $isEveryProtocol }}
  ports:
    {{- include "network-policy.internal.networkpolicy.render.named-ports" .rule | nindent 4 }}
  {{- end }}
{{- else }}
{{- template "network-policy.internal.networkpolicy.render.named-rule" . }}
{{- end }}
{{- end -}}
