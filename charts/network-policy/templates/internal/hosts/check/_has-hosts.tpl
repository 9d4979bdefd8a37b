{{/*
network-policy.internal.hosts.check.has-hosts: whether a dependency has hosts.

Input   networkPolicy.dependencies, or nil; of any type
Output  "true", or nothing
*/}}
{{- define "network-policy.internal.hosts.check.has-hosts" -}}
{{- $found := "" }}
{{- range $dependency := kindIs "map" . | ternary . dict }}
{{- if kindIs "map" $dependency }}
{{- if $dependency.hosts }}
{{- $found = "true" }}
{{- end }}
{{- end }}
{{- end }}
{{- $found }}
{{- end -}}
