{{/*
network-policy.internal.gateway.render.origination: lets the gateway open TLS to a host and check its certificate. Only
the gateway sees it.

Input   as network-policy.internal.gateway.render.host gives it
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.origination" -}}
{{- template "network-policy.internal.gateway.render.object" (dict "context" .context "apiVersion" "networking.istio.io/v1" "kind" "DestinationRule" "fullname" .fullname) }}
  host: {{ template "network-policy.internal.render.string" .name }}
  trafficPolicy:
    portLevelSettings:
      - port:
          number: {{ .port }}
        tls:
          mode: SIMPLE
          sni: {{ template "network-policy.internal.render.string" .name }}
          # Without it, Istio takes the certificate of any host.
          subjectAltNames:
            - {{ template "network-policy.internal.render.string" .name }}
  exportTo:
    - "."
{{ end -}}
