{{/*
network-policy.internal.gateway.render.service-host: the name of the gateway's Service in DNS.

Input   as network-policy.policy
Output  a DNS name
*/}}
{{- define "network-policy.internal.gateway.render.service-host" -}}
{{- $gateway := .Values.networkPolicy.gateway }}
{{- printf "%s.%s.svc.%s" $gateway.service .Release.Namespace $gateway.clusterDomain }}
{{- end -}}
