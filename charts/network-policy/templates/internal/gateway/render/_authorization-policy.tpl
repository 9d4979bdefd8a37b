{{/*
network-policy.internal.gateway.render.authorization-policy: lets the gateway refuse all but the clients of a host. It
denies, so that it changes nothing for other users of the gateway.

Input   as network-policy.internal.gateway.render.host gives it
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.authorization-policy" -}}
{{- template "network-policy.internal.gateway.render.object" (dict "context" .context "apiVersion" "security.istio.io/v1" "kind" "AuthorizationPolicy" "fullname" .fullname) }}
  selector:
    matchLabels:
      {{- include "network-policy.internal.render.strings" .context.Values.networkPolicy.gateway.podSelector | nindent 6 }}
  action: DENY
  rules:
    - from:
        {{- include "network-policy.internal.gateway.render.sources" (dict "clients" .host.clients "isInverse" true) | nindent 8 }}
      when:
        - key: connection.sni
          values:
            - {{ template "network-policy.internal.render.string" .name }}
{{ end -}}
