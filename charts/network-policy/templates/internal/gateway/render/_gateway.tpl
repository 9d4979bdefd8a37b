{{/*
network-policy.internal.gateway.render.gateway: lets the pods of the gateway take connections with a host as server
name, in mutual TLS of the mesh, so that they know who connects. Only VirtualServices of the gateway's own namespace say
where these connections go.

Input   as network-policy.internal.gateway.render.host gives it
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.gateway" -}}
{{- template "network-policy.internal.gateway.render.object" (dict "context" .context "apiVersion" "networking.istio.io/v1" "kind" "Gateway" "fullname" .fullname) }}
  selector:
    {{- include "network-policy.internal.render.strings" .context.Values.networkPolicy.gateway.podSelector | nindent 4 }}
  servers:
    - port:
        number: {{ .gatewayPort }}
        name: {{ .isOriginated | ternary "https" "tls" }}
        protocol: {{ .isOriginated | ternary "HTTPS" "TLS" }}
      hosts:
        - {{ printf "./%s" .name | include "network-policy.internal.render.string" }}
      tls:
        mode: ISTIO_MUTUAL
{{ end -}}
