{{/*
network-policy.internal.check.podselector: checks that a podSelector does not select every pod of the namespace.

Input   selector   the selector, or nil for the default; a null label counts as absent, because a later values file
                   removed it
        pods       whose labels to write: "only this service's pods"
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.podselector" -}}
{{- $selector := .selector }}
{{- if kindIs "map" $selector }}
{{- with include "network-policy.internal.check.selector" (omit $selector "matchLabels") }}
{{- . }}
{{- else }}
{{- if not (has (kindOf $selector.matchLabels) (list "map" "invalid")) }}
.matchLabels: {{ $selector.matchLabels | toJson | trunc 80 }} is not a map; write a key and a value on each line
{{- else if not (or $selector.matchExpressions (include "network-policy.internal.render.strings" $selector.matchLabels)) }}
: is empty, which selects every pod of the namespace; write matchLabels that {{ .pods }} have
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" $selector) }}
: {{ $selector | toJson | trunc 80 }} is not a map; write matchLabels below it
{{- end }}
{{- end -}}
