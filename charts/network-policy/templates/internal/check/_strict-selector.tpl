{{/*
network-policy.internal.check.strict-selector: checks what the API server checks of a label selector, for kinds of
policies of which it does not, and for selectors that no policy has.

Cilium writes a prefix in front of each key. A name can have 63 characters, with this prefix unless the key has a slash.
Versions such as 1.15 count `k8s.` too; later ones count only the rest of the prefix.

Input   selector   LabelSelector, or nil
        prefix     optional: what Cilium writes in front of each key
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.strict-selector" -}}
{{- $names := dict }}
{{- $texts := dict }}
{{- if kindIs "map" .selector }}
{{- if kindIs "map" .selector.matchLabels }}
{{- range $key, $value := .selector.matchLabels }}
{{- if not (kindIs "invalid" $value) }}
{{- $_ := set $names (printf ".matchLabels.%s" $key) $key }}
{{- $_ := set $texts (printf ".matchLabels.%s" $key) $value }}
{{- end }}
{{- end }}
{{- end }}
{{- if kindIs "slice" .selector.matchExpressions }}
{{- range $index, $expression := .selector.matchExpressions }}
{{- $_ := set $names (printf ".matchExpressions[%d].key" $index) (toString $expression.key) }}
{{- $needsValues := has $expression.operator (list "In" "NotIn") }}
{{- if and $needsValues (not $expression.values) }}
.matchExpressions[{{ $index }}].values: is empty; write at least one value after a hyphen
{{- else if and $expression.values (not $needsValues) }}
.matchExpressions[{{ $index }}].values: cannot be used with {{ $expression.operator }}; remove it
{{- else if kindIs "slice" $expression.values }}
{{- range $at, $value := $expression.values }}
{{- $_ := set $texts (printf ".matchExpressions[%d].values[%d]" $index $at) $value }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- range $path, $key := $names }}
{{- if not (regexMatch "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$" $key) }}
{{ $path }}: {{ $key | toJson | trunc 80 }} is not the key of a label; write a name of letters, digits and -_. with 63 characters at most
{{- else if not $.prefix }}
{{- else if or (eq $key "io.kubernetes.pod.namespace") (hasPrefix "io.cilium.k8s." $key) }}
{{ $path }}: {{ $key }} is a name that Cilium gives to something else; write another label
{{- else if and (not (contains "/" $key)) (gt (len (print $.prefix $key)) 63) }}
{{ $path }}: {{ $key }} is too long for Cilium, which writes it as {{ $.prefix }}{{ $key }}, with 63 characters at most; write another label
{{- end }}
{{- end }}
{{- range $path, $value := $texts }}
{{- if not (and (kindIs "string" $value) (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$" (toString $value))) }}
{{ $path }}: {{ $value | toJson | trunc 80 }} is not the value of a label; write letters, digits and -_. with 63 characters at most
{{- end }}
{{- end }}
{{- end -}}
