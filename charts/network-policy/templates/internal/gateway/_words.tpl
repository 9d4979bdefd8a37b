{{/*
network-policy.internal.gateway.words: for NOTES.txt of the chart egress-gateway, which hosts the gateway now leads to,
and for whom.

Input   the root context, or a dict as network-policy.policy takes it
Output  plain text for people
*/}}
{{- define "network-policy.internal.gateway.words" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- $gateway := .Values.networkPolicy.gateway -}}
The {{ empty $gateway.waypoint | ternary "egress gateway" "waypoint" }} {{ $gateway.waypoint | default $gateway.service }} in namespace {{ .Release.Namespace }} leads to these hosts:
{{ range $name, $host := .Values.networkPolicy.hosts }}
{{- if $host }}
  {{ $name }} on {{ int $host.port }}/TCP{{ if eq (toString $host.tls) "originate" }} in plain HTTP, with TLS to the host{{ end }}
    for pods in {{ uniq $host.clients | sortAlpha | join ", " }}
{{- with $host.rateLimit }}
    at most {{ int .requests }} requests a {{ .per }}, in each pod of the gateway
{{- end }}
{{- end }}
{{- end }}

{{ if $gateway.waypoint -}}
It needs Istio with ambient mode for the pods of clients. It refuses all others. The policies of services
decide who reaches the waypoint, and their service accounts which of these hosts a service reaches.
{{- else -}}
It needs Istio, and sidecars in the pods of clients. It refuses all others. The policies of services
decide who reaches the gateway, and their Sidecars which of these hosts a service knows.
{{- end }}

See the objects:

  kubectl get istio-io{{ if $gateway.waypoint }},gateways.gateway.networking.k8s.io{{ end }} --namespace {{ .Release.Namespace }} --selector app.kubernetes.io/instance={{ .Release.Name }}
{{- else -}}
networkPolicy.enabled is false: this release has no objects, and services reach no host through the gateway.
{{- end }}
{{- end -}}
