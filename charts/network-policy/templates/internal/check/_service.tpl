{{/*
network-policy.internal.check.service: checks that the values name their release, and that this is the release: another
service would lose its policy.

Input   the root context; with isNamespace, of a chart that is installed once per namespace
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.service" -}}
{{- $settings := .Values.networkPolicy | default dict }}
{{- if kindIs "map" $settings }}
{{- with $settings.release }}
{{- if ne (toString .name) $.Release.Name }}
networkPolicy.release.name: these values are for the release {{ .name | toJson | trunc 80 }}, but this one is {{ $.Release.Name }}; install it as {{ .name }}, or write {{ $.Release.Name }} in another values file
{{- end }}
{{- else }}
networkPolicy.release: is missing; add a values file that `egressc compile` wrote, or write name and namespace of the release
{{- end }}
{{- if and (kindIs "invalid" $settings.podSelector) (not (or $settings.release $.isNamespace)) }}
networkPolicy.podSelector: is missing; write matchLabels that only this service's pods have
{{- end }}
{{- end }}
{{- end -}}
