{{/*
network-policy.internal.guardrails.render.rules: what a guardrail denies in one direction. A peer has 25 networks at
most, which is the limit of every kind; a rule has as many peers and ports as the kind allows. What is left over becomes
further rules: together they deny the same.

Input   guardrail   the guardrail
        name        its name
        peers       `to` or `from`
        api         network-policy.internal.guardrails.render.api, as a map
Output  elements of spec.egress or spec.ingress; nothing if it denies nothing in this direction
*/}}
{{- define "network-policy.internal.guardrails.render.rules" -}}
{{- if .api.tierOrder }}
{{- template "network-policy.internal.guardrails.render.calico-rules" . }}
{{- else }}
{{- $most := int .api.most }}
{{- $name := printf "%s-%s" .name (eq .peers "to" | ternary "egress" "ingress") }}
{{- $number := 0 }}
{{- range $rule := .guardrail.rules }}
{{- $peers := list }}
{{- $networks := list }}
{{- range index $rule $.peers }}
{{- if .ipBlock }}
{{- $networks = append $networks .ipBlock.cidr }}
{{- else }}
{{- $peers = append $peers . }}
{{- end }}
{{- end }}
{{- range uniq $networks | chunk 25 }}
{{- $peers = append $peers (dict "networks" .) }}
{{- end }}
{{- /* Every port of every protocol is everything, and has no list. */}}
{{- $isEverything := and (has "TCP" ($rule.allPorts | default list)) (has "UDP" $rule.allPorts) (has "SCTP" $rule.allPorts) }}
{{- $ports := $rule.ports | default list }}
{{- range $rule.allPorts }}
{{- $ports = append $ports (dict "protocol" . "port" 1 "endPort" 65535) }}
{{- end }}
{{- range $some := chunk $most $peers }}
{{- range $these := $isEverything | ternary (list list) (chunk $most $ports) }}
{{- if $number }}
{{ end }}
{{- $number = add1 $number -}}
- name: {{ printf "%s-%d" $name $number | include "network-policy.internal.render.string" }}
  action: Deny
  {{ $.peers }}:
    {{- range $some }}
    {{- if .networks }}
    - networks:
        {{- range .networks }}
        - {{ template "network-policy.internal.render.string" . }}
        {{- end }}
    {{- else }}
    - {{ include "network-policy.internal.guardrails.render.pods" . | indent 6 | trim }}
    {{- end }}
    {{- end }}
  {{- if $these }}
  {{ $.api.ports }}:
    {{- range $these }}
    - {{ include "network-policy.internal.guardrails.render.port" (dict "port" . "api" $.api) | indent 6 | trim }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
