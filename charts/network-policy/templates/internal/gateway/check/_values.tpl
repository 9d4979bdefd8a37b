{{/*
network-policy.internal.gateway.check.values: checks the values of the chart egress-gateway: that they are for this
release, and that Istio can do all that they say.

Input   the root context, or a dict as network-policy.policy takes it
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.gateway.check.values" -}}
{{- template "network-policy.internal.check.misplaced" . }}
{{- $settings := .Values.networkPolicy }}
{{- if kindIs "map" $settings }}
{{- $known := list "release" "enabled" "gateway" "hosts" "commonLabels" "commonAnnotations" }}
{{- range $key, $_ := $settings }}
{{- if not (has $key $known) }}
networkPolicy.{{ $key }}: unknown key; write {{ join ", " (initial $known) }} or {{ last $known }}
{{- end }}
{{- end }}
{{- with $settings.release }}
{{- if not .namespace }}
networkPolicy.release.namespace: is missing; write the namespace of the gateway
{{- else if ne (toString .namespace) (toString $.Release.Namespace) }}
networkPolicy.release.namespace: the gateway is in the namespace {{ .namespace }}, but this release is in {{ $.Release.Namespace }}; install with --namespace {{ .namespace }}, or write {{ $.Release.Namespace }} in another values file
{{- end }}
{{- end }}
{{- with include "network-policy.internal.gateway.check.gateway" $settings.gateway }}
{{- replace "\n" "\nnetworkPolicy.gateway" . }}
{{- end }}
{{- if not (kindIs "map" $settings.hosts) }}
networkPolicy.hosts: {{ $settings.hosts | toJson | trunc 80 }} is not a map; add the values file that `egressc compile` wrote
{{- else }}
{{- range $name, $host := $settings.hosts }}
{{- if not (kindIs "invalid" $host) }}
{{- with include "network-policy.internal.gateway.check.host" (dict "name" $name "host" $host "gateway" $settings.gateway) }}
{{- replace "\n" (printf "\nnetworkPolicy.hosts.%s" $name) . }}
{{- end }}
{{- end }}
{{- else }}
networkPolicy.hosts: is empty; add the values file that `egressc compile` wrote
{{- end }}
{{- end }}
{{- template "network-policy.internal.check.metadata" $settings }}
{{- else if not (kindIs "invalid" $settings) }}
networkPolicy: {{ $settings | toJson | trunc 80 }} is not a map; write release, gateway and hosts below it
{{- end }}
{{- end -}}
