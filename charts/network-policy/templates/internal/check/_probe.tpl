{{/*
network-policy.internal.check.probe: whether something of networkPolicy.probe would not be tried, or not as it is meant.

Input   the probe, or nil; `enabled` need not be true, for a later values file may switch it on
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.probe" -}}
{{- with . }}
{{- range $key, $_ := omit . "enabled" "image" "timeoutSeconds" "attempts" "settleSeconds" "dnsName" "podLabels" "control" "imagePullSecrets" "connections" }}
.{{ $key }}: unknown key; write enabled, image, timeoutSeconds, attempts, settleSeconds, dnsName, podLabels, control, imagePullSecrets or connections
{{- end }}
{{- with .control }}
{{- range $key, $_ := omit . "enabled" "podLabels" }}
.control.{{ $key }}: unknown key; write enabled or podLabels
{{- end }}
{{- end }}
{{- range $key, $connection := .connections }}
{{- if not (kindIs "invalid" $connection) }}
{{- with include "network-policy.internal.check.probe-connection" $connection }}
{{- replace "\n" (print "\n.connections." $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
