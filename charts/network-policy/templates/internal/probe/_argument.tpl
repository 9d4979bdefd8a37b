{{/*
network-policy.internal.probe.argument: text as an argument of a container. Kubernetes replaces `$(NAME)` and `$$` in arguments,
and the byte after any other `$` by a character of that number; `$$` stands for the `$` that is meant.

Input   a string
Output  the string as YAML, every `$` doubled
*/}}
{{- define "network-policy.internal.probe.argument" -}}
{{- . | replace "$" "$$" | include "network-policy.internal.render.string" }}
{{- end -}}
