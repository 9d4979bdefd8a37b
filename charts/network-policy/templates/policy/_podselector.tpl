{{/*
network-policy.policy.podselector: which pods the policy is for.

Input   the root context, or a dict as network-policy.policy takes it
Output  a LabelSelector: networkPolicy.podSelector, or else the selector labels that `helm create` gives a chart
*/}}
{{- define "network-policy.policy.podselector" -}}
{{- $selector := (.Values.networkPolicy | default dict).podSelector }}
{{- if $selector }}
{{- include "network-policy.internal.render.selector" $selector | nindent 0 | replace "\n        " "\n" | trim }}
{{- else -}}
matchLabels:
  app.kubernetes.io/name: {{ include "network-policy.internal.render.app-name" . | quote }}
  app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}
{{- end -}}
