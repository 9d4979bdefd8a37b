{{/*
network-policy.internal.guardrails.check.selector-matches: whether a label selector matches an object with these labels.

Input   selector   LabelSelector; nil and an empty one match everything
        labels     all labels of the object that the selector can ask for
Output  "true", or nothing
*/}}
{{- define "network-policy.internal.guardrails.check.selector-matches" -}}
{{- $labels := .labels }}
{{- $matches := true }}
{{- range $key, $value := (.selector | default dict).matchLabels }}
{{- if not (and (hasKey $labels $key) (eq (toString $value) (index $labels $key | toString))) }}
{{- $matches = false }}
{{- end }}
{{- end }}
{{- range (.selector | default dict).matchExpressions }}
{{- $exists := hasKey $labels .key }}
{{- $isListed := and $exists (has (index $labels .key) (.values | default list)) }}
{{- $holds := dict "In" $isListed "NotIn" (not $isListed) "Exists" $exists "DoesNotExist" (not $exists) }}
{{- if not (index $holds .operator) }}
{{- $matches = false }}
{{- end }}
{{- end }}
{{- if $matches -}}
true
{{- end }}
{{- end -}}
