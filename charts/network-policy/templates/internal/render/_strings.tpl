{{/*
network-policy.internal.render.strings: a map of strings. Not toYaml: it returns nothing at all, without an error, when
one string holds U+007F or U+FFFF, and changes U+0085 into a space (Helm 3.17.2 and 4.1.4); an empty selector or peer
list means everything to Kubernetes.

Input   a map of strings, or nil; entries that are null are left out
Output  one line for each, sorted by key
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
