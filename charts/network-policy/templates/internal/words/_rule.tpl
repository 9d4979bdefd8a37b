{{/*
network-policy.internal.words.rule: the peers and ports of a rule in words, for NOTES.txt.

Input   rule    map with peers, ports, allPorts: as in a dependency, a caller or an extra rule
        peers   `to` or `from`
Output  one line per peer, then one for the ports
*/}}
{{- define "network-policy.internal.words.rule" -}}
{{- range index .rule .peers -}}
{{ $.peers }} {{ include "network-policy.internal.words.peer" . }}
{{ else -}}
{{ $.peers }} everything
{{ end -}}
on {{ $separator := "" }}
{{- range .rule.ports }}
{{- $separator }}{{ include "network-policy.internal.words.port" . }}
{{- $separator = ", " }}
{{- end }}
{{- range .rule.allPorts }}
{{- $separator }}any/{{ . }}
{{- $separator = ", " }}
{{- end }}
{{- if not $separator }}any port
{{- end }}
{{- end -}}
