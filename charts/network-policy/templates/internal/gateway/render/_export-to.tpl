{{/*
network-policy.internal.gateway.render.export-to: the namespaces that see an object: that of the gateway, and those of
clients.

Input   context   as network-policy.policy
        clients   list of namespaces and service accounts, as values have them
Output  one namespace per line
*/}}
{{- define "network-policy.internal.gateway.render.export-to" -}}
- "."
{{- $namespaces := list }}
{{- range .clients }}
{{- $namespaces = append $namespaces (splitList "/" . | first) }}
{{- end }}
{{- range without (uniq $namespaces | sortAlpha) .context.Release.Namespace }}
- {{ template "network-policy.internal.render.string" . }}
{{- end }}
{{- end -}}
