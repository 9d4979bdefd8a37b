{{/*
network-policy.internal.render.networkpolicy.policy: the NetworkPolicy of one service or namespace, from validated
values.

Input   as network-policy.internal.render.policy; in a batch also
        rules         map of name to rendered rule, for dependencies and callers given as a string
Output  as network-policy.policy
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.render.networkpolicy.policy" -}}
{{- $types := (.Values.networkPolicy | default dict).policyTypes | default (list "Egress") -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "network-policy.internal.render.metadata" . | nindent 2 }}
spec:
  {{- if .isNamespace }}
  podSelector: {}
  {{- else }}
  podSelector:
    {{- include "network-policy.policy.podselector" . | nindent 4 }}
  {{- end }}
  policyTypes:
    {{- range $types }}
    - {{ . }}
    {{- end }}
  {{- if has "Ingress" $types }}
  ingress:
    {{- include "network-policy.internal.render.networkpolicy.ingress" . | nindent 4 }}
  {{- end }}
  {{- if has "Egress" $types }}
  egress:
    {{- include "network-policy.internal.render.networkpolicy.egress" . | trimPrefix "\n" | nindent 4 }}
  {{- end }}
{{ end -}}
