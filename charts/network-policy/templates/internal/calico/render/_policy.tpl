{{/*
network-policy.internal.calico.render.policy: Calico's NetworkPolicy of one service or namespace, from validated values. The
operator's extra rules are a NetworkPolicy of Kubernetes next to it: both have one order in one tier and only allow, so
Calico adds them up.

Input   as network-policy.internal.render.policy; in a batch also
        rules   map of name to rendered rules, for dependencies and callers given as a string
Output  one YAML document, or two
Needs   network-policy.policy.validate has run
Fails   if Calico does not take so many rules
*/}}
{{- define "network-policy.internal.calico.render.policy" -}}
{{- $types := .Values.networkPolicy.policyTypes | default (list "Egress") -}}
{{- $selector := .Values.networkPolicy.podSelector }}
{{- if .isNamespace }}
{{- $selector = dict }}
{{- else if not $selector }}
{{- $selector = include "network-policy.policy.podselector" . | fromYaml }}
{{- end -}}
{{- $rules := dict }}
{{- if has "Ingress" $types }}
{{- $_ := set $rules "Ingress" (include "network-policy.internal.calico.render.named-rules" (dict "context" . "named" "callers" "peers" "from") | default "[]") }}
{{- end }}
{{- if has "Egress" $types }}
{{- $_ := set $rules "Egress" (include "network-policy.internal.calico.render.egress" .) }}
{{- end }}
{{- with include "network-policy.internal.calico.check.count" (dict "context" . "rules" $rules) }}
{{- fail . }}
{{- end -}}
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata:
  {{- include "network-policy.internal.render.metadata" . | nindent 2 }}
spec:
  # As NetworkPolicies have it
  order: 1000
  selector: {{ include "network-policy.internal.calico.render.selector" $selector | include "network-policy.internal.calico.render.scalar" }}
  types:
    {{- range $types }}
    - {{ . }}
    {{- end }}
  {{- if has "Ingress" $types }}
  ingress:
    {{- nindent 4 $rules.Ingress }}
  {{- end }}
  {{- if has "Egress" $types }}
  egress:
    {{- nindent 4 $rules.Egress }}
  {{- end }}
{{ template "network-policy.internal.render.extras" . }}
{{- end -}}
