{{/*
network-policy.internal.render.policy: the NetworkPolicy of one service or namespace, from validated values.

Input   as network-policy.policy; optionally also
        rules         map of name to rendered rule, for dependencies given as a string
        isNamespace   true: for every pod of the namespace
        isOptIn       true: for pods that opt in to more than their namespace, whose policy says how they reach DNS
Output  as network-policy.policy
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.render.policy" -}}
{{- $types := (.Values.networkPolicy | default dict).policyTypes | default (list "Egress") -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "network-policy.policy.name" . | include "network-policy.internal.render.string" }}
  namespace: {{ template "network-policy.internal.render.string" .Release.Namespace }}
  labels:
    {{- include "network-policy.policy.labels" . | nindent 4 }}
  {{- with include "network-policy.policy.annotations" . }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
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
    {{- include "network-policy.internal.render.ingress" . | nindent 4 }}
  {{- end }}
  {{- if has "Egress" $types }}
  egress:
    {{- include "network-policy.internal.render.egress" . | trimPrefix "\n" | nindent 4 }}
  {{- end }}
{{ end -}}
