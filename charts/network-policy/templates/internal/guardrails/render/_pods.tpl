{{/*
network-policy.internal.guardrails.render.pods: the pods of namespaces, as cluster-wide policies name them.

Input   map with namespaceSelector and optionally podSelector
Output  `namespaces` with a LabelSelector; with podSelector `pods`, with both
*/}}
{{- define "network-policy.internal.guardrails.render.pods" -}}
{{- if kindIs "map" .podSelector -}}
pods:
  namespaceSelector:
    {{- with include "network-policy.internal.render.selector" .namespaceSelector }}{{ nindent 4 . }}{{ else }} {}{{ end }}
  podSelector:
    {{- with include "network-policy.internal.render.selector" .podSelector }}{{ nindent 4 . }}{{ else }} {}{{ end }}
{{- else -}}
namespaces:
  {{- with include "network-policy.internal.render.selector" .namespaceSelector }}{{ nindent 2 . }}{{ else }} {}{{ end }}
{{- end }}
{{- end -}}
