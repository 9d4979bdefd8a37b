{{/*
network-policy.internal.calico.render.ports: the ports of a rule by their protocols, which Calico has once in a rule.

Input   map with ports or allPorts; a port without a protocol is TCP
Output  JSON: a list of maps with protocol, and with ports as a list of texts, of which Calico takes 50; without them it
        is every port of the protocol
*/}}
{{- define "network-policy.internal.calico.render.ports" -}}
{{- $found := list }}
{{- range .allPorts }}
{{- $found = append $found (dict "protocol" .) }}
{{- end }}
{{- $protocols := list }}
{{- range .ports }}
{{- $protocols = append $protocols (or .protocol "TCP") }}
{{- end }}
{{- range $protocol := uniq $protocols }}
{{- $ports := list }}
{{- $isEvery := false }}
{{- range $.ports }}
{{- if eq $protocol (or .protocol "TCP") }}
{{- if kindIs "invalid" .port }}
{{- $isEvery = true }}
{{- else if not (kindIs "invalid" .endPort) }}
{{- $ports = append $ports (printf "%d:%d" (int .port) (int .endPort) | quote) }}
{{- else if kindIs "string" .port }}
{{- $ports = append $ports (include "network-policy.internal.render.string" .port) }}
{{- else }}
{{- $ports = append $ports (toJson .port) }}
{{- end }}
{{- end }}
{{- end }}
{{- if $isEvery }}
{{- $found = append $found (dict "protocol" $protocol) }}
{{- else }}
{{- range chunk 50 (uniq $ports) }}
{{- $found = append $found (dict "protocol" $protocol "ports" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $found }}
{{- end -}}
