{{/*
network-policy.internal.check.podselector: what is wrong with networkPolicy.podSelector.

Input   the selector, or nil where the default holds; a label that is null counts as absent, as a later values file drops it
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.podselector" -}}
{{- if kindIs "map" . }}
{{- $problems := include "network-policy.internal.check.selector" (omit . "matchLabels") }}
{{- if not (kindIs "invalid" .matchLabels) }}
{{- with include "network-policy.internal.check.strings" .matchLabels }}
{{- $problems = print $problems (replace "\n" "\n.matchLabels" .) }}
{{- end }}
{{- end }}
{{- if $problems }}
{{- $problems }}
{{- else if not (or .matchExpressions (include "network-policy.internal.render.strings" .matchLabels)) }}
: is empty, which selects every pod of the namespace; write matchLabels that only this service's pods have
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write matchLabels below it
{{- end }}
{{- end -}}
