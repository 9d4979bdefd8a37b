{{/*
network-policy.internal.guardrails.check.namespace-labels: checks that no label of a namespace is missing or of another
type: guardrails would not match the namespace, and deny less.

Input   networkPolicy.namespaceLabels
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.namespace-labels" -}}
{{- if not (kindIs "map" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write the labels of each namespace below its name
{{- else }}
{{- range $name, $labels := . }}
{{- if not (kindIs "map" $labels) }}
.{{ $name }}: {{ $labels | toJson | trunc 80 }} is not a map; write all labels of the namespace below it, or {} for none
{{- else }}
{{- $selector := dict "matchLabels" $labels }}
{{- with include "network-policy.internal.check.selector" $selector | default (include "network-policy.internal.check.strict-selector" (dict "selector" $selector)) }}
{{- replace "\n.matchLabels" (printf "\n.%s" $name) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
