{{/*
network-policy.internal.calico.render.selector: a LabelSelector as Calico writes selectors.

Calico's `not in` also selects what has no such label, as NotIn does.

Input   LabelSelector; a null label counts as absent
Output  the selector on one line; `all()` for an empty one
Needs   network-policy.internal.check.strict-selector found nothing: no value has a quote
*/}}
{{- define "network-policy.internal.calico.render.selector" -}}
{{- $tests := list }}
{{- range $key, $value := .matchLabels }}
{{- if ne $value nil }}
{{- $tests = append $tests (printf "%s == '%s'" $key $value) }}
{{- end }}
{{- end }}
{{- range .matchExpressions }}
{{- if eq .operator "Exists" }}
{{- $tests = append $tests (printf "has(%s)" .key) }}
{{- else if eq .operator "DoesNotExist" }}
{{- $tests = append $tests (printf "!has(%s)" .key) }}
{{- else }}
{{- $tests = append $tests (printf "%s %s {'%s'}" .key (eq .operator "In" | ternary "in" "not in") (join "', '" .values)) }}
{{- end }}
{{- end }}
{{- join " && " $tests | default "all()" }}
{{- end -}}
