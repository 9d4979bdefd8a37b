{{/*
network-policy.internal.words.port: a port in words, for NOTES.txt.

Input   a NetworkPolicyPort
Output  for example `5432/TCP`, `8000-8100/TCP`, `http/TCP`, `any/UDP`
*/}}
{{- define "network-policy.internal.words.port" -}}
{{- $port := .port | default "any" }}
{{- if not (kindIs "string" $port) }}
{{- /* A number can be a float, which prints as 1.2345e+07. */}}
{{- $port = int $port }}
{{- end }}
{{- $port }}{{ with .endPort }}-{{ int . }}{{ end }}/{{ .protocol | default "TCP" }}
{{- end -}}
