{{/*
egress-policy.podselector: which pods the policy is for.

Input   the root context, or a dict as egress-policy.networkpolicy takes it
Output  a LabelSelector: networkPolicy.podSelector, or else the selector labels that `helm create` gives a chart
*/}}
{{- define "egress-policy.podselector" -}}
{{- $selector := (.Values.networkPolicy | default dict).podSelector }}
{{- if $selector }}
{{- include "egress-policy.internal.selector" $selector | nindent 0 | replace "\n        " "\n" | trim }}
{{- else -}}
matchLabels:
  app.kubernetes.io/name: {{ include "egress-policy.internal.app-name" . | quote }}
  app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}
{{- end -}}
