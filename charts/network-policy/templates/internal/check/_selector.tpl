{{/*
network-policy.internal.check.selector: what is wrong with a label selector inside a list. Helm merges nothing there, so
a label without a value is a mistake, and leaving it out would widen the rule.

Input   the selector, or nil; an empty one is well-formed
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.selector" -}}
{{- if kindIs "map" . }}
{{- range $field, $value := . }}
{{- if eq $field "matchLabels" }}
{{- if kindIs "map" $value }}
{{- range $key, $label := $value }}
{{- if kindIs "string" $label }}
{{- else }}
.matchLabels.{{ $key }}: {{ $label | toJson | trunc 80 }} is not a string; write it in quotes
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" $value) }}
.matchLabels: {{ $value | toJson | trunc 80 }} is not a map; write a key and a value on each line
{{- end }}
{{- else if eq $field "matchExpressions" }}
{{- if kindIs "slice" $value }}
{{- range $index, $expression := $value }}
{{- with include "network-policy.internal.check.expression" $expression }}
{{- replace "\n" (printf "\n.matchExpressions[%d]" $index) . }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" $value) }}
.matchExpressions: {{ $value | toJson | trunc 80 }} is not a list; write each expression after a hyphen
{{- end }}
{{- else }}
.{{ $field }}: no such key; write matchLabels or matchExpressions
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write matchLabels below it
{{- end }}
{{- end -}}
