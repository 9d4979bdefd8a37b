{{/*
network-policy.internal.render.strings: a map of strings. Not toYaml: it returns nothing, without an error, if a string
contains U+007F or U+FFFF, and replaces U+0085 with a space (Helm 3.17.2 and 4.1.4). An empty selector or peer list
means everything in Kubernetes.

Input   a map of strings, or nil; null entries are left out
Output  one line per entry, sorted by key
*/}}
{{- define "network-policy.internal.render.strings" -}}
{{- $separator := "" }}
{{- range $key, $value := . }}
{{- if ne $value nil }}
{{- $separator }}{{ template "network-policy.internal.render.string" $key }}: {{ template "network-policy.internal.render.string" $value }}
{{- $separator = "\n" }}
{{- end }}
{{- end }}
{{- end -}}
