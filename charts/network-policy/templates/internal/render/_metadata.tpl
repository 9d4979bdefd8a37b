{{/*
network-policy.internal.render.metadata: the metadata of the policy, in every dialect.

Input   as network-policy.policy; optionally also
        isClusterWide   true for an object that is in no namespace
Output  name, namespace, labels and annotations
*/}}
{{- define "network-policy.internal.render.metadata" -}}
name: {{ include "network-policy.policy.name" . | include "network-policy.internal.render.string" }}
{{- if not .isClusterWide }}
namespace: {{ template "network-policy.internal.render.string" .Release.Namespace }}
{{- end }}
labels:
  {{- include "network-policy.policy.labels" . | nindent 2 }}
{{- with include "network-policy.policy.annotations" . }}
annotations:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}
