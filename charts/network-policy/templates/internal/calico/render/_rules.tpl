{{/*
network-policy.internal.calico.render.rules: one rule for each peer and protocol, which Calico has once in a rule.

Input   comment   text of one line
        rule      map with entities, or with peers
        peers     `to` or `from`
        action    Deny, or Allow if it is left out
Output  elements of spec.egress or spec.ingress, each under the comment. The rule of a Service has no ports: these are
        the Service's own
*/}}
{{- define "network-policy.internal.calico.render.rules" -}}
{{- $start := "" }}
{{- $isService := and .rule.entities (eq .peers "to") }}
{{- $ports := list dict }}
{{- $every := .rule.allPorts | default list }}
{{- /* What denies every port of every protocol denies protocols without ports too. */}}
{{- if not (or $isService (and (eq .action "Deny") (has "TCP" $every) (has "UDP" $every) (has "SCTP" $every))) }}
{{- $ports = include "network-policy.internal.calico.render.ports" .rule | fromJsonArray }}
{{- end }}
{{- range $end := include "network-policy.internal.calico.render.ends" . | fromJsonArray }}
{{- range $ports }}
{{- $start }}# {{ $.comment }}
- action: {{ $.action | default "Allow" }}
  {{- with .protocol }}
  protocol: {{ . }}
  {{- end }}
  {{- if eq $.peers "from" }}
  source:
    {{- nindent 4 $end }}
  {{- with .ports }}
  destination:
    ports:
      {{- range . }}
      - {{ . }}
      {{- end }}
  {{- end }}
  {{- else }}
  destination:
    {{- nindent 4 $end }}
    {{- with .ports }}
    ports:
      {{- range . }}
      - {{ . }}
      {{- end }}
    {{- end }}
  {{- end }}
{{- $start = "\n" }}
{{- end }}
{{- end }}
{{- end -}}
