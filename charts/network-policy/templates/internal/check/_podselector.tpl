{{/*
network-policy.internal.check.podselector: checks that networkPolicy.podSelector does not select every pod of the
namespace.

Input   the selector, or nil for the default; a null label counts as absent, because a later values file removed it
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
