{{/*
network-policy.internal.guardrails.check.selectors-meet: whether an object can exist that all label selectors match. For
each key the requirements of all of them are put together: an object exists unless those of some key contradict each
other. NotIn and DoesNotExist also match objects without the key. A label can have any value, so that NotIn alone never
leaves none; but every namespace has its name as a label.

Input   selectors         list of LabelSelector; nil and an empty one match everything
        areNamespaces     true if the objects are namespaces
        namespaceLabels   labels of namespaces by name, or nil: by these the last selector matches a namespace or not
Output  "true", or nothing
*/}}
{{- define "network-policy.internal.guardrails.check.selectors-meet" -}}
{{- $in := dict }}
{{- $notIn := dict }}
{{- $exists := dict }}
{{- $absent := dict }}
{{- if .areNamespaces }}
{{- $_ := set $exists "kubernetes.io/metadata.name" true }}
{{- end }}
{{- range $selector := .selectors }}
{{- if $selector }}
{{- $expressions := list }}
{{- range $key, $value := $selector.matchLabels }}
{{- if not (kindIs "invalid" $value) }}
{{- $expressions = append $expressions (dict "key" $key "operator" "In" "values" (list $value)) }}
{{- end }}
{{- end }}
{{- range concat $expressions ($selector.matchExpressions | default list) }}
{{- $key := .key }}
{{- if eq .operator "In" }}
{{- $both := list }}
{{- range $value := .values }}
{{- if or (not (hasKey $in $key)) (has $value (index $in $key)) }}
{{- $both = append $both $value }}
{{- end }}
{{- end }}
{{- $_ := set $in $key $both }}
{{- else if eq .operator "NotIn" }}
{{- $_ := set $notIn $key (concat (index $notIn $key | default list) (.values | default list)) }}
{{- else if eq .operator "Exists" }}
{{- $_ := set $exists $key true }}
{{- else }}
{{- $_ := set $absent $key true }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $meet := true }}
{{- range $key, $listed := $in }}
{{- $left := list }}
{{- range $value := $listed }}
{{- $isName := or (not $.areNamespaces) (ne $key "kubernetes.io/metadata.name") (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" (toString $value)) }}
{{- if and $isName (not (has $value (index $notIn $key | default list))) }}
{{- $known := "" }}
{{- if and $.areNamespaces (eq $key "kubernetes.io/metadata.name") }}
{{- $known = get ($.namespaceLabels | default dict) (toString $value) }}
{{- end }}
{{- if or (not (kindIs "map" $known)) (include "network-policy.internal.guardrails.check.selector-matches" (dict "selector" (last $.selectors) "labels" (set (deepCopy $known) $key $value))) }}
{{- $left = append $left $value }}
{{- end }}
{{- end }}
{{- end }}
{{- if or (not $left) (hasKey $absent $key) }}
{{- $meet = false }}
{{- end }}
{{- end }}
{{- range $key, $_ := $exists }}
{{- if hasKey $absent $key }}
{{- $meet = false }}
{{- end }}
{{- end }}
{{- if $meet -}}
true
{{- end }}
{{- end -}}
