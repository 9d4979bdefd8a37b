{{/*
network-policy.internal.gateway.render.waypoint-policy: lets only the clients of a host through the waypoint, and only to
this host: the waypoint reads the server name of TLS, or the Host of requests.

Input   as network-policy.internal.gateway.render.host gives it
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.waypoint-policy" -}}
{{- template "network-policy.internal.gateway.render.object" (dict "context" .context "apiVersion" "security.istio.io/v1" "kind" "AuthorizationPolicy" "fullname" .fullname) }}
  targetRefs:
    - group: networking.istio.io
      kind: ServiceEntry
      name: {{ template "network-policy.internal.render.string" .fullname }}
  action: ALLOW
  rules:
    - from:
        {{- include "network-policy.internal.gateway.render.sources" (dict "clients" .host.clients) | nindent 8 }}
      {{- if .isOriginated }}
      to:
        - operation:
            hosts:
              - {{ template "network-policy.internal.render.string" .name }}
              - {{ printf "%s:*" .name | include "network-policy.internal.render.string" }}
      {{- else }}
      when:
        - key: connection.sni
          values:
            - {{ template "network-policy.internal.render.string" .name }}
      {{- end }}
{{ end -}}
