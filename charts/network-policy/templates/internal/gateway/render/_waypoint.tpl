{{/*
network-policy.internal.gateway.render.waypoint: the Gateway from which Istio creates the waypoint: its pods and its Service.
Only services of its own namespace can be behind it.

Source: istio.io, "Configure waypoint proxies".

Input   as network-policy.policy
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.waypoint" -}}
{{- template "network-policy.internal.gateway.render.object" (dict "context" . "apiVersion" "gateway.networking.k8s.io/v1" "kind" "Gateway" "fullname" .Values.networkPolicy.gateway.waypoint) }}
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: Same
{{ end -}}
