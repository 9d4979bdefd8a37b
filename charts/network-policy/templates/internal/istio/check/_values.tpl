{{/*
network-policy.internal.istio.check.values: checks what Istio needs and cannot do. A Sidecar selects pods by labels
alone, and of two Sidecars for a pod only one counts.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.istio.check.values" -}}
{{- $settings := .Values.networkPolicy }}
{{- $dialect := $settings.dialect }}
{{- if kindIs "invalid" $dialect.gatewayNamespace }}
networkPolicy.dialect.gatewayNamespace: is missing; write the namespace of the egress gateway
{{- else if not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" (toString $dialect.gatewayNamespace)) }}
networkPolicy.dialect.gatewayNamespace: {{ $dialect.gatewayNamespace | toJson | trunc 80 }} is not the name of a namespace; write the namespace of the egress gateway
{{- end }}
{{- if or (eq (toString $dialect.waypoint) "none") (not (or (kindIs "invalid" $dialect.waypoint) (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" (toString $dialect.waypoint)))) }}
networkPolicy.dialect.waypoint: {{ $dialect.waypoint | toJson | trunc 80 }} is not the name of a Gateway; write that of the waypoint
{{- end }}
{{- if not $dialect.waypoint }}
{{- if include "network-policy.internal.hosts.check.has-hosts" $settings.dependencies }}
{{- $selector := kindIs "map" $settings.podSelector | ternary $settings.podSelector dict }}
{{- if $selector.matchExpressions }}
networkPolicy.podSelector.matchExpressions: cannot be used with hosts: a Sidecar selects pods by labels alone; write matchLabels
{{- end }}
{{- end }}
{{- range $key, $optIn := kindIs "map" $settings.optIns | ternary $settings.optIns dict }}
{{- if include "network-policy.internal.hosts.check.has-hosts" (kindIs "map" $optIn | ternary $optIn dict).dependencies }}
networkPolicy.optIns.{{ $key }}.dependencies: hosts cannot be used in an opt-in: only one Sidecar counts for a pod, and its service can have another; write the hosts in the values of services
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
