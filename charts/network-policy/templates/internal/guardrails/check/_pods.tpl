{{/*
network-policy.internal.guardrails.check.pods: checks that pods of namespaces are named in full: a selector that lost
a part would mean others.

Input   map with namespaceSelector and optionally podSelector
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.pods" -}}
{{- if not (hasKey . "namespaceSelector") }}
.namespaceSelector: is missing; write the labels of namespaces, or {} for every namespace
{{- end }}
{{- range $field, $selector := pick . "namespaceSelector" "podSelector" }}
{{- if not (kindIs "map" $selector) }}
.{{ $field }}: {{ $selector | toJson | trunc 80 }} is not a map; write matchLabels below it, or {} for all
{{- else }}
{{- range $part, $value := $selector }}
{{- if kindIs "invalid" $value }}
.{{ $field }}.{{ $part }}: is null, which means any labels; write labels, or remove the key
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.selector" $selector | default (include "network-policy.internal.check.strict-selector" (dict "selector" $selector)) }}
{{- replace "\n" (printf "\n.%s" $field) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
