{{/*
egress-policy.internal.dependencies-problems: what is wrong with networkPolicy.dependencies.

Input   the map of dependencies, or nil; one that is null counts as absent
Output  as egress-policy.internal.problems
*/}}
{{- define "egress-policy.internal.dependencies-problems" -}}
{{- if kindIs "map" . }}
{{- range $key, $dependency := . }}
{{- with include "egress-policy.internal.dependency-problems" $dependency }}
{{- if not (kindIs "invalid" $dependency) }}
{{- replace "\n" (printf "\n.%s" $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write a key for each dependency, and to and ports below it
{{- end }}
{{- end -}}
