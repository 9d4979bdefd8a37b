{{/*
network-policy.policy: the whole NetworkPolicy of one service. One include is all a chart needs.

Input   the root context, or a dict that has of it:
        Values              nameOverride, fullnameOverride, networkPolicy: the values contract of the README; all optional
        Release             Name, Namespace, Service
        Chart               Name, Version; optionally AppVersion and IsRoot
Output  one YAML document that starts with `---`; nothing when networkPolicy.enabled is false
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "network-policy.policy" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- $egress := include "network-policy.egress" . -}}
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
  podSelector:
    {{- include "network-policy.policy.podselector" . | nindent 4 }}
  policyTypes:
    - Egress
  egress:
    {{- $egress | nindent 4 }}
{{ end }}
{{- end -}}
