{{/*
network-policy.internal.check.dependencies: what is wrong with networkPolicy.dependencies.

Input   the map of dependencies, or nil; one that is null counts as absent
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.dependencies" -}}
{{- if kindIs "map" . }}
{{- range $key, $dependency := . }}
{{- with include "network-policy.internal.check.dependency" $dependency }}
{{- if not (kindIs "invalid" $dependency) }}
{{- replace "\n" (printf "\n.%s" $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write a key for each dependency, and to and ports below it
{{- end }}
{{- end -}}
