{{/*
network-policy.internal.check.cilium.selector: checks that Cilium accepts the keys of a label selector, to which it adds
a prefix. A key can have 63 characters after its slash, and Cilium refuses the whole policy for a longer one. Versions
such as 1.15 count `k8s.` too; later ones count only the rest of the prefix.

Input   selector   LabelSelector, or nil
        prefix     what Cilium writes in front of each key
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.cilium.selector" -}}
{{- $found := dict }}
{{- if kindIs "map" .selector }}
{{- if kindIs "map" .selector.matchLabels }}
{{- range $key, $value := .selector.matchLabels }}
{{- if not (kindIs "invalid" $value) }}
{{- $_ := set $found (printf ".matchLabels.%s" $key) $key }}
{{- end }}
{{- end }}
{{- end }}
{{- if kindIs "slice" .selector.matchExpressions }}
{{- range $index, $expression := .selector.matchExpressions }}
{{- $_ := set $found (printf ".matchExpressions[%d].key" $index) (toString $expression.key) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $path, $key := $found }}
{{- if or (eq $key "io.kubernetes.pod.namespace") (hasPrefix "io.cilium.k8s." $key) }}
{{ $path }}: {{ $key }} is a name that Cilium gives to something else; write another label
{{- else if and (not (contains "/" $key)) (gt (len (print $.prefix $key)) 63) }}
{{ $path }}: {{ $key }} is too long for Cilium, which writes it as {{ $.prefix }}{{ $key }}, with 63 characters at most; write another label
{{- end }}
{{- end }}
{{- end -}}
