{{/*
network-policy.internal.check.podselector: whether networkPolicy.podSelector would select every pod of the namespace.

Input   the selector, or nil where the default holds; a label that is null counts as absent, as a later values file drops it
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.podselector" -}}
{{- if kindIs "map" . }}
{{- with include "network-policy.internal.check.selector" (omit . "matchLabels") }}
{{- . }}
{{- else }}
{{- if not (has (kindOf .matchLabels) (list "map" "invalid")) }}
.matchLabels: {{ .matchLabels | toJson | trunc 80 }} is not a map; write a key and a value on each line
{{- else if not (or .matchExpressions (include "network-policy.internal.render.strings" .matchLabels)) }}
: is empty, which selects every pod of the namespace; write matchLabels that only this service's pods have
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write matchLabels below it
{{- end }}
{{- end -}}
