{{/*
network-policy.internal.probe.enabled: whether to render the probe pods. Like network-policy.internal.render.enabled,
but absent means false; network-policy.policy.validate handles any value that is not true or false.

Input   the root context
Output  "true", or nothing
*/}}
{{- define "network-policy.internal.probe.enabled" -}}
{{- if kindIs "map" .Values.networkPolicy }}
{{- if kindIs "map" .Values.networkPolicy.probe }}
{{- if .Values.networkPolicy.probe.enabled }}
{{- include "network-policy.internal.render.enabled" . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
