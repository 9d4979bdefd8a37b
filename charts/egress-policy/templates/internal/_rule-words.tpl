{{/*
egress-policy.internal.rule-words: peers and ports of a rule in words, for NOTES.txt.

Input   map   to, ports, allPorts: as in a dependency or an extra rule
Output  a line for each peer, then one for the ports
*/}}
{{- define "egress-policy.internal.rule-words" -}}
{{- range .to -}}
to {{ include "egress-policy.internal.peer-words" . }}
{{ else -}}
to everything
{{ end -}}
on {{ $separator := "" }}
{{- range .ports }}
{{- $separator }}{{ include "egress-policy.internal.port-words" . }}
{{- $separator = ", " }}
{{- end }}
{{- range .allPorts }}
{{- $separator }}every {{ . }} port
{{- $separator = ", " }}
{{- end }}
{{- if not $separator }}every port
{{- end }}
{{- end -}}
