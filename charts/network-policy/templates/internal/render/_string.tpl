{{/*
network-policy.internal.render.string: a string as a YAML key or value: bare where every reader of YAML 1.1 and 1.2 takes
it for that string, else in double quotes.

The usual string comes first: small letters, digits and `._/-` alone, a letter in front. A set of characters to trim is a
tenth of the cost of a regular expression, which Helm compiles for each call.

Input   a string
Output  one scalar on one line
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
