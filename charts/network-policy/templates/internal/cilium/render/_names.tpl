{{/*
network-policy.internal.cilium.render.names: DNS names as Cilium writes them.

Input   list of names; `*.` in front stands for one label, `**.` for one or more, a lone `*` for every name
Output  elements of toFQDNs or rules.dns
*/}}
{{- define "network-policy.internal.cilium.render.names" -}}
{{- $start := "- " }}
{{- range . }}
{{- $start }}{{ hasPrefix "*" . | ternary "matchPattern" "matchName" }}: {{ template "network-policy.internal.render.string" . }}
{{- $start = "\n- " }}
{{- end }}
{{- end -}}
