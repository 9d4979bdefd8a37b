{{/*
network-policy.internal.probe.enabled: whether there are pods to try connections. As network-policy.internal.render.enabled, but
what is not said says no: whatever else stands in the place of true or false goes on to network-policy.policy.validate.

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
