{{/*
egress-policy.internal.selector-problems: what is wrong with a label selector inside a list. Helm merges nothing there, so
a label without a value is a mistake, and leaving it out would widen the rule.

Input   the selector, or nil; an empty one is well-formed
Output  as egress-policy.internal.problems
*/}}
{{- define "egress-policy.internal.selector-problems" -}}
{{- if kindIs "map" . }}
{{- range $field, $value := . }}
{{- if eq $field "matchLabels" }}
{{- range $key, $label := $value }}
{{- if kindIs "string" $label }}
{{- else }}
.matchLabels.{{ $key }}: {{ $label | toJson | trunc 80 }} is not a string; write it in quotes
{{- end }}
{{- end }}
{{- else if eq $field "matchExpressions" }}
{{- range $index, $expression := $value }}
{{- with include "egress-policy.internal.expression-problems" $expression }}
{{- replace "\n" (printf "\n.matchExpressions[%d]" $index) . }}
{{- end }}
{{- end }}
{{- else }}
.{{ $field }}: no such key; write matchLabels or matchExpressions
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write matchLabels below it
{{- end }}
{{- end -}}
