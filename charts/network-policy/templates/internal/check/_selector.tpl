{{/*
network-policy.internal.check.selector: checks that no part of a label selector would be left out, which would select
more. Helm does not merge lists, so a label without a value in a list is a mistake.

Input   the selector, or nil; an empty one is valid
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.selector" -}}
{{- if kindIs "map" . }}
{{- range $field, $value := . }}
{{- if eq $field "matchLabels" }}
{{- if kindIs "map" $value }}
{{- range $key, $label := $value }}
{{- if kindIs "invalid" $label }}
.matchLabels.{{ $key }}: has no value; write one, or remove the label
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" $value) }}
.matchLabels: {{ $value | toJson | trunc 80 }} is not a map; write a key and a value on each line
{{- end }}
{{- else if eq $field "matchExpressions" }}
{{- if not (has (kindOf $value) (list "slice" "invalid")) }}
.matchExpressions: {{ $value | toJson | trunc 80 }} is not a list; write each expression after a hyphen
{{- else }}
{{- range $index, $expression := $value }}
{{- if not (has $expression.operator (list "In" "NotIn" "Exists" "DoesNotExist")) }}
.matchExpressions[{{ $index }}].operator: {{ $expression.operator | toJson | trunc 80 }} is not an operator; write In, NotIn, Exists or DoesNotExist
{{- end }}
{{- if not (has (kindOf $expression.values) (list "slice" "invalid")) }}
.matchExpressions[{{ $index }}].values: {{ $expression.values | toJson | trunc 80 }} is not a list; write each value after a hyphen
{{- end }}
{{- end }}
{{- end }}
{{- else }}
.{{ $field }}: unknown key; write matchLabels or matchExpressions
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write matchLabels below it
{{- end }}
{{- end -}}
