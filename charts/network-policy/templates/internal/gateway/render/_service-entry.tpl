{{/*
network-policy.internal.gateway.render.service-entry: makes a host known to the gateway and to the namespaces of its
clients. With `tls: originate`, the port of the clients leads to port 443 of the host: a port 443 of its own would let
sidecars connect to the host past the gateway.

Input   as network-policy.internal.gateway.render.host gives it
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.service-entry" -}}
{{- template "network-policy.internal.gateway.render.object" (dict "context" .context "apiVersion" "networking.istio.io/v1" "kind" "ServiceEntry" "fullname" .fullname "labels" .labels) }}
  hosts:
    - {{ template "network-policy.internal.render.string" .name }}
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - number: {{ .port }}
      name: {{ .isOriginated | ternary "http" "tls" }}
      protocol: {{ .isOriginated | ternary "HTTP" "TLS" }}
      {{- if .isOriginated }}
      targetPort: 443
      {{- end }}
  exportTo:
    {{- include "network-policy.internal.gateway.render.export-to" (dict "context" .context "clients" .host.clients) | nindent 4 }}
{{ end -}}
