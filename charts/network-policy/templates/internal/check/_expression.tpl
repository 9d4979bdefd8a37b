{{/*
network-policy.internal.check.expression: what is wrong with one expression of a label selector.

Input   key, operator, values
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.expression" -}}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "key" "operator" "values" }}
.{{ $key }}: no such key; write key, operator or values
{{- end }}
{{- if not (and (kindIs "string" .key) .key) }}
.key: {{ .key | toJson | trunc 80 }} is not a label; write its key in quotes
{{- end }}
{{- if has .operator (list "In" "NotIn") }}
{{- if not .values }}
.values: is empty; write at least one value for {{ .operator }}
{{- else if kindIs "slice" .values }}
{{- range $index, $value := .values }}
{{- if not (kindIs "string" $value) }}
.values[{{ $index }}]: {{ $value | toJson | trunc 80 }} is not a string; write it in quotes
{{- end }}
{{- end }}
{{- else }}
.values: {{ .values | toJson | trunc 80 }} is not a list; write each value after a hyphen
{{- end }}
{{- else if has .operator (list "Exists" "DoesNotExist") }}
{{- if .values }}
.values: means nothing to {{ .operator }}; remove it
{{- end }}
{{- else }}
.operator: {{ .operator | toJson | trunc 80 }} is not an operator; write In, NotIn, Exists or DoesNotExist
{{- end }}
{{- else }}
: {{ . | toJson | trunc 80 }} is not a map; write key, operator and values
{{- end }}
{{- end -}}
