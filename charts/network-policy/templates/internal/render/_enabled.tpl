{{/*
network-policy.internal.render.enabled: whether to render a policy at all. Only a plain `false` says no: a null that Helm left in
place, or a value of another type, goes on to network-policy.policy.validate.

Input   the root context
Output  "true", or nothing
*/}}
{{- define "network-policy.internal.render.enabled" -}}
{{- $enabled := true }}
{{- if kindIs "map" .Values.networkPolicy }}
{{- if kindIs "bool" .Values.networkPolicy.enabled }}
{{- $enabled = .Values.networkPolicy.enabled }}
{{- end }}
{{- end }}
{{- if $enabled -}}
true
{{- end }}
{{- end -}}
