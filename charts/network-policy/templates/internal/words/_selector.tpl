{{/*
network-policy.internal.words.selector: a label selector in the syntax of `kubectl --selector`, for NOTES.txt.

Input   a LabelSelector
Output  for example `app=web,tier in (a,b),!legacy`; nothing for an empty selector
*/}}
{{- define "network-policy.internal.words.selector" -}}
{{- $words := list }}
{{- range $key, $value := .matchLabels }}
{{- if not (kindIs "invalid" $value) }}
{{- $words = append $words (printf "%s=%s" $key $value) }}
{{- end }}
{{- end }}
{{- range .matchExpressions }}
{{- if eq .operator "Exists" }}
{{- $words = append $words .key }}
{{- else if eq .operator "DoesNotExist" }}
{{- $words = append $words (printf "!%s" .key) }}
{{- else }}
{{- $words = append $words (printf "%s %s (%s)" .key (lower .operator) (join "," .values)) }}
{{- end }}
{{- end }}
{{- join "," $words }}
{{- end -}}
