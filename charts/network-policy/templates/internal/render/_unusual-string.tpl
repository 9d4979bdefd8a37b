{{/*
network-policy.internal.render.unusual-string: as network-policy.internal.render.string, for any string.

A string is plain if it has only letters, digits and `._/:@-`, starts with a letter, does not end with a colon and is
not a word for true, false or null. A network, for example 10.0.0.0/8 or ::/0, is plain too.

Input   a string
Output  a scalar on one line
*/}}
{{- define "network-policy.internal.render.unusual-string" -}}
{{- $lower := lower . }}
{{- $isWord := and (ge $lower "a") (not (trimAll "abcdefghijklmnopqrstuvwxyz0123456789._/:@-" $lower)) }}
{{- $isNetwork := and (contains "/" .) (not (trimAll "0123456789abcdef.:/" .)) }}
{{- $isNoString := or (hasSuffix ":" .) (eq $lower "y" "n" "yes" "no" "on" "off" "true" "false" "null") }}
{{- if and (or $isWord $isNetwork) (not $isNoString) -}}
{{ . }}
{{- else -}}
{{ quote . }}
{{- end }}
{{- end -}}
