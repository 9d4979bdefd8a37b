{{/*
network-policy.internal.render.string: a string as a YAML key or value: bare where every reader of YAML 1.1 and 1.2 takes
it for that string, else in double quotes.

Bare is what has letters, digits and `._/:@-` alone, begins with a letter, does not end with a colon and is none of the
words that mean true, false or null; and a network, such as 10.0.0.0/8 or ::/0. A set of characters to trim is a tenth
of the cost of a regular expression, which Helm compiles for each call.

Input   a string
Output  one scalar on one line
*/}}
{{- define "network-policy.internal.render.string" -}}
{{- $lower := lower . }}
{{- if hasSuffix ":" . -}}
{{ quote . }}
{{- else if and (ge $lower "a") (not (trimAll "abcdefghijklmnopqrstuvwxyz0123456789._/:@-" $lower)) (or (gt (len .) 5) (not (has $lower (list "y" "n" "yes" "no" "on" "off" "true" "false" "null")))) -}}
{{ . }}
{{- else if and (contains "/" .) (not (trimAll "0123456789abcdef.:/" .)) -}}
{{ . }}
{{- else -}}
{{ quote . }}
{{- end }}
{{- end -}}
