{{/*
network-policy.internal.cilium.render.policy: the CiliumNetworkPolicy of one service or namespace, from validated
values. The operator's extra rules are a NetworkPolicy next to it: Cilium adds up the two, so they need no translation.

Input   as network-policy.internal.render.policy; in a batch also
        rules         map of name to rendered rule, for dependencies and callers given as a string
        sources       map of the same names to the input of each rule
        cache         map, at first empty: what the policies of a batch share besides; it grows
Output  one YAML document, or two
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.cilium.render.policy" -}}
{{- $types := .Values.networkPolicy.policyTypes | default (list "Egress") -}}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  {{- include "network-policy.internal.render.metadata" . | nindent 2 }}
spec:
  {{- if .isNamespace }}
  endpointSelector: {}
  {{- else }}
  endpointSelector:
    {{- $selector := .Values.networkPolicy.podSelector }}
    {{- if not $selector }}
    {{- $selector = include "network-policy.policy.podselector" . | fromYaml }}
    {{- end }}
    {{- include "network-policy.internal.cilium.render.selector" (dict "podSelector" $selector) | nindent 4 }}
  {{- end }}
  {{- if has "Ingress" $types }}
  ingress:
    {{- include "network-policy.internal.cilium.render.ingress" . | trimPrefix "\n" | nindent 4 }}
  {{- end }}
  {{- if has "Egress" $types }}
  egress:
    {{- include "network-policy.internal.cilium.render.egress" . | trimPrefix "\n" | nindent 4 }}
  {{- end }}
{{ template "network-policy.internal.render.extras" . }}
{{- end -}}
