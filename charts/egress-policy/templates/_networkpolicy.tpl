{{/*
egress-policy.networkpolicy: the whole NetworkPolicy of one service. One include is all a chart needs.

Input   the root context, or a dict that has of it:
        Values              nameOverride, fullnameOverride, networkPolicy: the values contract of the README; all optional
        Release             Name, Namespace, Service
        Chart               Name, Version; optionally AppVersion and IsRoot
Output  one YAML document that starts with `---`; nothing when networkPolicy.enabled is false
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "egress-policy.networkpolicy" -}}
{{- if include "egress-policy.internal.enabled" . }}
{{- $egress := include "egress-policy.egress" . -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "egress-policy.name" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include "egress-policy.labels" . | nindent 4 }}
  {{- with include "egress-policy.annotations" . }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  podSelector:
    {{- include "egress-policy.podselector" . | nindent 4 }}
  policyTypes:
    - Egress
  egress:
    {{- $egress | nindent 4 }}
{{ end }}
{{- end -}}
