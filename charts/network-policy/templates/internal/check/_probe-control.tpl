{{/*
network-policy.internal.check.probe-control: what is wrong with networkPolicy.probe.control in itself.

Input   the settings, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.probe-control" -}}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "enabled" "podLabels" }}
.{{ $key }}: no such key; write enabled or podLabels
{{- end }}
{{- if not (has (kindOf .enabled) (list "bool" "invalid")) }}
.enabled: {{ .enabled | toJson | trunc 80 }} is neither true nor false; write one of them without quotes
{{- end }}
{{- if not (kindIs "invalid" .podLabels) }}
{{- with include "network-policy.internal.check.strings" .podLabels }}
{{- replace "\n" "\n.podLabels" . }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write enabled or podLabels below it
{{- end }}
{{- end -}}
