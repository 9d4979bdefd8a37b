{{/*
network-policy.policy.podselector: which pods the policy is for.

Input   the root context, or a dict as network-policy.policy takes it
Output  a LabelSelector: networkPolicy.podSelector, or else the selector labels that `helm create` gives a chart
*/}}
{{- define "network-policy.policy.podselector" -}}
{{- $selector := (.Values.networkPolicy | default dict).podSelector }}
{{- if $selector }}
{{- template "network-policy.internal.render.selector" $selector }}
{{- else -}}
matchLabels:
  app.kubernetes.io/name: {{ include "network-policy.internal.render.app-name" . | include "network-policy.internal.render.string" }}
  app.kubernetes.io/instance: {{ template "network-policy.internal.render.string" .Release.Name }}
{{- end }}
{{- end -}}
