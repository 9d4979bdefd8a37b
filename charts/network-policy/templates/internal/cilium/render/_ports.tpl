{{/*
network-policy.internal.cilium.render.ports: the ports of a rule.

Input   rule    map with ports or allPorts; a port without a protocol is TCP
        names   optional list of the names that pods can ask for over these ports, as
                network-policy.internal.cilium.render.names
Output  elements of toPorts: each has at most 40 ports, which is Cilium's limit
*/}}
{{- define "network-policy.internal.cilium.render.ports" -}}
{{- $ports := .rule.ports | default list }}
{{- range .rule.allPorts }}
{{- $ports = append $ports (dict "port" "0" "protocol" .) }}
{{- end }}
{{- $start := "" }}
{{- range chunk 40 $ports }}
{{- $start }}- ports:
    {{- range . }}
    - port: {{ if kindIs "string" .port }}{{ template "network-policy.internal.render.string" .port }}{{ else }}{{ toJson .port | quote }}{{ end }}
      {{- if not (kindIs "invalid" .endPort) }}
      endPort: {{ toJson .endPort }}
      {{- end }}
      protocol: {{ or .protocol "TCP" }}
    {{- end }}
  {{- with $.names }}
  rules:
    dns:
      {{- include "network-policy.internal.cilium.render.names" . | nindent 6 }}
  {{- end }}
{{- $start = "\n" }}
{{- end }}
{{- end -}}
