{{/*
network-policy.internal.words.rule: the peers and ports of a rule in words, for NOTES.txt.

Input   map   to, ports, allPorts: as in a dependency or an extra rule
Output  one line per peer, then one for the ports
*/}}
{{- define "network-policy.internal.words.rule" -}}
{{- range .to -}}
to {{ include "network-policy.internal.words.peer" . }}
{{ else -}}
to everything
{{ end -}}
on {{ $separator := "" }}
{{- range .ports }}
{{- $separator }}{{ include "network-policy.internal.words.port" . }}
{{- $separator = ", " }}
{{- end }}
{{- range .allPorts }}
{{- $separator }}any/{{ . }}
{{- $separator = ", " }}
{{- end }}
{{- if not $separator }}any port
{{- end }}
{{- end -}}
