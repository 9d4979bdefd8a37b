{{/*
network-policy.internal.check.selects: whether a label selector matches a pod.

Input   selector   a LabelSelector
        labels     map of strings: the labels of the pod
Output  "true", or nothing
*/}}
{{- define "network-policy.internal.check.selects" -}}
{{- $matches := true }}
{{- range $key, $value := .selector.matchLabels }}
{{- if ne (index $.labels $key) $value }}
{{- $matches = false }}
{{- end }}
{{- end }}
{{- range .selector.matchExpressions }}
{{- $holds := hasKey $.labels .key }}
{{- if eq .operator "In" }}
{{- $holds = has (index $.labels .key) .values }}
{{- else if eq .operator "NotIn" }}
{{- $holds = not (has (index $.labels .key) .values) }}
{{- else if eq .operator "DoesNotExist" }}
{{- $holds = not $holds }}
{{- end }}
{{- if not $holds }}
{{- $matches = false }}
{{- end }}
{{- end }}
{{- if $matches -}}
true
{{- end }}
{{- end -}}
