{{/*
network-policy.internal.render.cilium.rules: one rule for each kind of peer.

Input   comment     text of one line
        rule        map with hosts, entities, or peers
        peers       `to` or `from`
        namespace   the namespace of the release
        ports       rendered elements of toPorts
Output  elements of spec.egress or spec.ingress, each under the comment. Peers next to hosts or entities are left out:
        they are for dialects that have neither
*/}}
{{- define "network-policy.internal.render.cilium.rules" -}}
{{- $found := dict }}
{{- if and .rule.hosts (eq .peers "to") }}
{{- $_ := set $found "FQDNs" (include "network-policy.internal.render.cilium.names" .rule.hosts) }}
{{- else if .rule.entities }}
{{- $_ := set $found "Entities" (printf "- %s" (join "\n- " .rule.entities)) }}
{{- else }}
{{- $_ := set $found "Endpoints" (include "network-policy.internal.render.cilium.endpoints" (dict "peers" (index .rule .peers) "namespace" .namespace)) }}
{{- $_ := set $found "CIDRSet" (include "network-policy.internal.render.cilium.networks" (index .rule .peers)) }}
{{- end }}
{{- $start := "" }}
{{- range $kind := list "FQDNs" "Entities" "Endpoints" "CIDRSet" }}
{{- with index $found $kind }}
{{- $start }}# {{ $.comment }}
- {{ $.peers }}{{ $kind }}:
    {{- nindent 4 . }}
  toPorts:
    {{- nindent 4 $.ports }}
{{- $start = "\n" }}
{{- end }}
{{- end }}
{{- end -}}
