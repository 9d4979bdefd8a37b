{{/*
egress-policy.internal.probe-enabled: whether there are pods to try connections. As egress-policy.internal.enabled, but
what is not said says no: whatever else stands in the place of true or false goes on to egress-policy.validate.

Input   the root context
Output  "true", or nothing
*/}}
{{- define "egress-policy.internal.probe-enabled" -}}
{{- if kindIs "map" .Values.networkPolicy }}
{{- if kindIs "map" .Values.networkPolicy.probe }}
{{- if .Values.networkPolicy.probe.enabled }}
{{- include "egress-policy.internal.enabled" . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
