{{/*
network-policy.internal.render.enabled: whether to render the policy. Only `false` says no;
network-policy.policy.validate handles a null that Helm left in place, or a value of another type.

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
