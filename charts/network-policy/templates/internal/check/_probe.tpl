{{/*
network-policy.internal.check.probe: checks that everything in networkPolicy.probe is tried as written.

Input   the probe, or nil; also if `enabled` is false, because a later values file can set it to true
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
