{{/*
network-policy.internal.render.comment: a name and a purpose as one line that cannot end a comment or move a terminal's cursor.

Input   key, dependency   as network-policy.egress.dependency
Output  `name: purpose` or `name`, with the key where there is no name. Where it holds anything that Go does not count as
        printable (line breaks, U+0085, U+2028, U+2029, control and format characters, what YAML forbids), each run of it
        becomes a blank
*/}}
{{- define "network-policy.internal.render.comment" -}}
{{- $name := or .dependency.name .key }}
{{- $text := $name }}
{{- with .dependency.purpose }}
{{- $text = print $name ": " . }}
{{- end }}
{{- /* quote escapes what is not printable: text that it leaves alone needs no regular expression, which costs more. */}}
{{- if contains "\\" (quote $text) }}
{{- $text = regexReplaceAll "[^\\pL\\pM\\pN\\pP\\pS ]+" $text " " | trim }}
{{- end }}
{{- $text }}
{{- end -}}
