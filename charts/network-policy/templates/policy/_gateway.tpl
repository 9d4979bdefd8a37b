{{/*
network-policy.policy.gateway: the objects of Istio that lead services through an egress gateway to hosts, of a chart
that is installed once per cluster. Services share them, so no release of a service can have them.

A sidecar wraps a connection to a host in mutual TLS, with the host as server name, and sends it to the gateway. So the
gateway knows host and client before it opens the connection, and refuses all but the clients of the host. In ambient
mode, ztunnel does the same with the waypoint, which is described here and installed by Istio.

Source: istio.io, "Egress Gateways" and "Egress Gateways with TLS Origination".

Input   the root context, or a dict as network-policy.policy takes it. Of networkPolicy it reads
            release, enabled, commonLabels, commonAnnotations
            gateway   service, podSelector, port and clusterDomain; or waypoint and clusterDomain
            hosts     map of name to ports, clients, tls and rateLimit
Output  YAML documents: those of network-policy.internal.gateway.render.host for each host, and one DestinationRule or
        the Gateway of the waypoint for all; nothing if networkPolicy.enabled is false
Fails   with every problem of the values, before anything is rendered; also if the release has another name or namespace
*/}}
{{- define "network-policy.policy.gateway" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- template "network-policy.internal.gateway.check.validate" . }}
{{- if .Values.networkPolicy.gateway.waypoint }}
{{- template "network-policy.internal.gateway.render.waypoint" . }}
{{- else }}
{{- template "network-policy.internal.gateway.render.subsets" . }}
{{- end }}
{{- range $name, $host := .Values.networkPolicy.hosts }}
{{- if $host }}
{{- template "network-policy.internal.gateway.render.host" (dict "context" $ "name" $name "host" $host) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
