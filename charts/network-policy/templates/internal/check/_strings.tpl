{{/*
network-policy.internal.check.strings: what is wrong with a map of strings, such as labels.

Input   the map; an entry that is null counts as absent, as a later values file drops it
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.strings" -}}
{{- if kindIs "map" . }}
{{- range $key, $value := . }}
{{- if not (has (kindOf $value) (list "string" "invalid")) }}
.{{ $key }}: {{ $value | toJson | trunc 80 }} is not a string; write it in quotes
{{- end }}
{{- end }}
{{- else }}
: {{ . | toJson | trunc 80 }} is not a map; write a key and a value on each line
{{- end }}
{{- end -}}
