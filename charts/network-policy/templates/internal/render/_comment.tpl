{{/*
network-policy.internal.render.comment: a name and a purpose in one line that cannot end a comment or control a
terminal.

Input   key, rule   as network-policy.internal.networkpolicy.render.named-rule
Output  `name: purpose` or `name`, with the key if there is no name. Each run of characters that Go does not count as
        printable (line breaks, U+0085, U+2028, U+2029, control and format characters, what YAML forbids) becomes a
        space
*/}}
{{- define "network-policy.internal.render.comment" -}}
{{- $name := or .rule.name .key }}
{{- $text := $name }}
{{- with .rule.purpose }}
{{- $text = print $name ": " . }}
{{- end }}
{{- /* quote escapes what is not printable. If it changes nothing, the slower regular expression is not needed. */}}
{{- if contains "\\" (quote $text) }}
{{- $text = regexReplaceAll "[^\\pL\\pM\\pN\\pP\\pS ]+" $text " " | trim }}
{{- end }}
{{- $text }}
{{- end -}}
