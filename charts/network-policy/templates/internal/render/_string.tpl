{{/*
network-policy.internal.render.string: a string as a YAML key or value: plain if every YAML 1.1 and 1.2 parser reads it
as this string, otherwise in double quotes.

The most common strings come first: only lower-case letters, digits and `._/-`, starting with a letter. Trimming a set
of characters costs a tenth of a regular expression, which Helm compiles for each call.

Input   a string
Output  a scalar on one line
*/}}
{{- define "network-policy.internal.render.string" -}}
{{- if or (lt . "a") (trimAll "abcdefghijklmnopqrstuvwxyz0123456789._/-" .) -}}
{{ template "network-policy.internal.render.unusual-string" . }}
{{- else if eq . "y" "n" "yes" "no" "on" "off" "true" "false" "null" -}}
{{ quote . }}
{{- else -}}
{{ . }}
{{- end }}
{{- end -}}
