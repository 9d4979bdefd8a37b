{{/*
network-policy.internal.gateway.render.subsets: how sidecars connect to the gateway: in mutual TLS of the mesh, with the
host as server name.

It is one object for all hosts. Of several DestinationRules for one Service, with other namespaces in `exportTo`, a
sidecar takes the first that it sees (Istio 1.31, pilot/pkg/model/destination_rule.go), and the hosts of the others
would be closed to it.

Input   as network-policy.policy
Output  a YAML document; nothing without hosts
*/}}
{{- define "network-policy.internal.gateway.render.subsets" -}}
{{- $clients := list }}
{{- range .Values.networkPolicy.hosts }}
{{- $clients = concat $clients ((. | default dict).clients | default list) }}
{{- end }}
{{- if $clients }}
{{- template "network-policy.internal.gateway.render.object" (dict "context" . "apiVersion" "networking.istio.io/v1" "kind" "DestinationRule" "fullname" (include "network-policy.policy.name" .)) }}
  host: {{ include "network-policy.internal.gateway.render.service-host" . | include "network-policy.internal.render.string" }}
  subsets:
    {{- range $name, $host := .Values.networkPolicy.hosts }}
    {{- if $host }}
    - name: {{ include "network-policy.internal.gateway.render.label" $name | include "network-policy.internal.render.string" }}
      trafficPolicy:
        portLevelSettings:
          - port:
              number: {{ int $.Values.networkPolicy.gateway.port }}
            tls:
              mode: ISTIO_MUTUAL
              sni: {{ template "network-policy.internal.render.string" $name }}
    {{- end }}
    {{- end }}
  exportTo:
    {{- include "network-policy.internal.gateway.render.export-to" (dict "context" . "clients" $clients) | nindent 4 }}
{{ end }}
{{- end -}}
