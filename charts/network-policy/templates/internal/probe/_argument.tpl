{{/*
network-policy.internal.probe.argument: a string as an argument of a container. Kubernetes replaces `$(NAME)` and `$$`
in arguments, and replaces the byte after any other `$` with the character of that number; `$$` gives one `$`.

Input   a string
Output  the string as YAML, every `$` doubled
*/}}
{{- define "network-policy.internal.probe.argument" -}}
{{- . | replace "$" "$$" | include "network-policy.internal.render.string" }}
{{- end -}}
