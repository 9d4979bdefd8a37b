{{/*
network-policy.internal.gateway.render.virtual-service: leads connections to a host from sidecars to the gateway, and
from the gateway to the host.

Input   as network-policy.internal.gateway.render.host gives it
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.virtual-service" -}}
{{- $gateway := printf "%s/%s" .context.Release.Namespace .fullname }}
{{- template "network-policy.internal.gateway.render.object" (dict "context" .context "apiVersion" "networking.istio.io/v1" "kind" "VirtualService" "fullname" .fullname) }}
  hosts:
    - {{ template "network-policy.internal.render.string" .name }}
  gateways:
    - mesh
    - {{ template "network-policy.internal.render.string" $gateway }}
  exportTo:
    {{- include "network-policy.internal.gateway.render.export-to" (dict "context" .context "clients" .host.clients) | nindent 4 }}
  {{ .isOriginated | ternary "http" "tls" }}:
    - match:
        - gateways:
            - mesh
          port: {{ .port }}
          {{- if not .isOriginated }}
          sniHosts:
            - {{ template "network-policy.internal.render.string" .name }}
          {{- end }}
      route:
        - destination:
            host: {{ include "network-policy.internal.gateway.render.service-host" .context | include "network-policy.internal.render.string" }}
            subset: {{ include "network-policy.internal.gateway.render.label" .name | include "network-policy.internal.render.string" }}
            port:
              number: {{ .gatewayPort }}
  {{- if not .isOriginated }}
  tcp:
  {{- end }}
    - match:
        - gateways:
            - {{ template "network-policy.internal.render.string" $gateway }}
          port: {{ .gatewayPort }}
      route:
        - destination:
            host: {{ template "network-policy.internal.render.string" .name }}
            port:
              number: {{ .port }}
{{ end -}}
