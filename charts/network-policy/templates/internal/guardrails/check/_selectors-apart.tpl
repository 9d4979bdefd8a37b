{{/*
network-policy.internal.guardrails.check.selectors-apart: whether an object that both label selectors match must have a
value that only the first asks for, and another label that only the second asks for, such as app=web and tier=pci. Then
nobody knows whether there is such an object, and the compiler warns of it (EG499).

Input   selectors   the LabelSelector of a rule and that of a guardrail; nil and an empty one match everything
Output  "true", or nothing
*/}}
{{- define "network-policy.internal.guardrails.check.selectors-apart" -}}
{{- $needed := list }}
{{- $named := list }}
{{- range $index, $selector := .selectors }}
{{- $needs := dict }}
{{- $names := dict }}
{{- range $key, $value := ($selector | default dict).matchLabels }}
{{- if not (kindIs "invalid" $value) }}
{{- $_ := set $needs $key true }}
{{- $_ := set $names $key true }}
{{- end }}
{{- end }}
{{- range ($selector | default dict).matchExpressions }}
{{- $_ := set $names .key true }}
{{- /* A rule for all pods that have some label is for nearly all pods. */}}
{{- if or (eq .operator "In") (and $index (eq .operator "Exists")) }}
{{- $_ := set $needs .key true }}
{{- end }}
{{- end }}
{{- $needed = append $needed $needs }}
{{- $named = append $named $names }}
{{- end }}
{{- $isApart := true }}
{{- range $index, $needs := $needed }}
{{- $own := list }}
{{- range $key, $_ := $needs }}
{{- if not (hasKey (index $named (sub 1 $index | int)) $key) }}
{{- $own = append $own $key }}
{{- end }}
{{- end }}
{{- if not $own }}
{{- $isApart = false }}
{{- end }}
{{- end }}
{{- if $isApart -}}
true
{{- end }}
{{- end -}}
