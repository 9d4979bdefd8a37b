{{/*
network-policy.internal.words.port: a port in words, for NOTES.txt.

Input   a NetworkPolicyPort
Output  such as `TCP 5432`, `TCP 8000-8100`, `every UDP port`
*/}}
{{- define "network-policy.internal.words.port" -}}
{{- $protocol := .protocol | default "TCP" }}
{{- if kindIs "string" .port }}
{{- printf "%s %s" $protocol .port }}
{{- else if not .port }}
{{- printf "every %s port" $protocol }}
{{- else if .endPort }}
{{- printf "%s %d-%d" $protocol (int .port) (int .endPort) }}
{{- else }}
{{- printf "%s %d" $protocol (int .port) }}
{{- end }}
{{- end -}}
