{{/*
network-policy.internal.networkpolicy.render.policy: the NetworkPolicy of one service or namespace, from validated
values.

Input   as network-policy.internal.render.policy; in a batch also
        rules         map of name to rendered rule, for dependencies and callers given as a string
        and for a kind with the same fields
        apiVersion    of the policy
        kind          of the policy
        stagedAction  what is to become of it
Output  as network-policy.policy
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.networkpolicy.render.policy" -}}
{{- $types := (.Values.networkPolicy | default dict).policyTypes | default (list "Egress") -}}
---
apiVersion: {{ .apiVersion | default "networking.k8s.io/v1" }}
kind: {{ .kind | default "NetworkPolicy" }}
metadata:
  {{- include "network-policy.internal.render.metadata" . | nindent 2 }}
spec:
  {{- with .stagedAction }}
  stagedAction: {{ . }}
  {{- end }}
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
    {{- include "network-policy.internal.networkpolicy.render.ingress" . | nindent 4 }}
  {{- end }}
  {{- if has "Egress" $types }}
  egress:
    {{- include "network-policy.internal.networkpolicy.render.egress" . | trimPrefix "\n" | nindent 4 }}
  {{- end }}
{{ end -}}
