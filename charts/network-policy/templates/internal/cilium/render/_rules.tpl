{{/*
network-policy.internal.cilium.render.rules: one rule for each kind of peer.

Input   comment     text of one line
        rule        map with hosts, entities, or peers
        peers       `to` or `from`
        namespace   the namespace of the release
        ports       rendered elements of toPorts
Output  elements of spec.egress or spec.ingress, each under the comment. Peers next to hosts or entities are left out:
        they are for dialects that have neither
*/}}
{{- define "network-policy.internal.cilium.render.rules" -}}
{{- if and .rule.hosts (eq .peers "to") -}}
# {{ .comment }}
- toFQDNs:
    {{- include "network-policy.internal.cilium.render.names" .rule.hosts | nindent 4 }}
  toPorts:
    {{- nindent 4 .ports }}
{{- else if .rule.entities -}}
# {{ .comment }}
- {{ .peers }}Entities:
    {{- range .rule.entities }}
    - {{ . }}
    {{- end }}
  toPorts:
    {{- nindent 4 .ports }}
{{- else }}
{{- $endpoints := include "network-policy.internal.cilium.render.endpoints" . }}
{{- $networks := include "network-policy.internal.cilium.render.networks" . }}
{{- if $endpoints -}}
# {{ .comment }}
- {{ .peers }}Endpoints:
    {{- nindent 4 $endpoints }}
  toPorts:
    {{- nindent 4 .ports }}
{{- end }}
{{- if $networks }}
{{- if $endpoints }}
{{ end -}}
# {{ .comment }}
- {{ .peers }}CIDRSet:
    {{- nindent 4 $networks }}
  toPorts:
    {{- nindent 4 .ports }}
{{- end }}
{{- end }}
{{- end -}}
