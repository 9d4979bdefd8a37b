{{/*
egress-policy.internal.podselector-problems: what is wrong with networkPolicy.podSelector.

Input   the selector, or nil where the default holds; a label that is null counts as absent, as a later values file drops it
Output  as egress-policy.internal.problems
*/}}
{{- define "egress-policy.internal.podselector-problems" -}}
{{- if kindIs "map" . }}
{{- $problems := include "egress-policy.internal.selector-problems" (omit . "matchLabels") }}
{{- if not (kindIs "invalid" .matchLabels) }}
{{- with include "egress-policy.internal.strings-problems" .matchLabels }}
{{- $problems = print $problems (replace "\n" "\n.matchLabels" .) }}
{{- end }}
{{- end }}
{{- if $problems }}
{{- $problems }}
{{- else if not (or .matchExpressions (include "egress-policy.internal.strings" .matchLabels)) }}
: is empty, which selects every pod of the namespace; write matchLabels that only this service's pods have
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write matchLabels below it
{{- end }}
{{- end -}}
