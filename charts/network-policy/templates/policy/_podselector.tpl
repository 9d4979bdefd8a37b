{{/*
network-policy.policy.podselector: the pod selector of the policy.

Input   the root context, or a dict as network-policy.policy takes it
Output  a LabelSelector: networkPolicy.podSelector, otherwise the selector labels from `helm create`
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
