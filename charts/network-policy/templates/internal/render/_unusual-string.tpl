{{/*
network-policy.internal.render.unusual-string: as network-policy.internal.render.string, for any string.

Bare is what has letters, digits and `._/:@-` alone, begins with a letter, does not end with a colon and is none of the
words that mean true, false or null; and a network, such as 10.0.0.0/8 or ::/0.

Input   a string
Output  one scalar on one line
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
