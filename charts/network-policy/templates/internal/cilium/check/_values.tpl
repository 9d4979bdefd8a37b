{{/*
network-policy.internal.cilium.check.values: checks what only Cilium needs or cannot do. The API server stores
a CiliumNetworkPolicy that Cilium's agent then refuses, and a policy that is refused isolates nothing. So this also
checks what the API server checks of a NetworkPolicy.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.cilium.check.values" -}}
{{- $settings := .Values.networkPolicy }}
{{- $dialect := $settings.dialect }}
{{- $version := $dialect.version }}
{{- if kindIs "invalid" $version }}
networkPolicy.dialect.version: is missing; write the version of the cluster's Cilium in quotes, such as "1.19"
{{- else if not (and (kindIs "string" $version) (regexMatch "^[1-9][0-9]{0,2}\\.(0|[1-9][0-9]{0,2})$" (toString $version))) }}
networkPolicy.dialect.version: {{ $version | toJson | trunc 80 }} is not a version; write the first two numbers in quotes, such as "1.19"
{{- else if include "network-policy.internal.cilium.check.version" (dict "dialect" $dialect "minor" 15) }}
networkPolicy.dialect.version: {{ $version }} is too old for these policies; write 1.15 or later
{{- end }}
{{- if not (has (kindOf $dialect.strictDns) (list "bool" "invalid")) }}
networkPolicy.dialect.strictDns: {{ $dialect.strictDns | toJson | trunc 80 }} is neither true nor false; write one of the two
{{- else if $dialect.strictDns }}
{{- if $.isNamespace }}
networkPolicy.dialect.strictDns: would let no service of the namespace ask for its hosts, which these values do not know; remove it
{{- end }}
{{- if include "network-policy.internal.cilium.check.version" (dict "dialect" $dialect "minor" 19) }}
networkPolicy.dialect.strictDns: needs Cilium 1.19 or later, but version is {{ $version }}; remove it
{{- end }}
{{- end }}
{{- if not (kindIs "invalid" $dialect.clusterDomain) }}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$" (toString $dialect.clusterDomain)) }}
networkPolicy.dialect.clusterDomain: {{ $dialect.clusterDomain | toJson | trunc 80 }} is not a domain; write a DNS name in lower case, such as cluster.local
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.strict-selector" (dict "selector" $settings.podSelector "prefix" "k8s.") }}
{{- replace "\n" "\nnetworkPolicy.podSelector" . }}
{{- end }}
{{- with include "network-policy.internal.cilium.check.dns" . }}
{{- replace "\n" "\nnetworkPolicy.dns" . }}
{{- end }}
{{- range $key, $optIn := $settings.optIns }}
{{- if kindIs "map" $optIn }}
{{- with include "network-policy.internal.check.strict-selector" (dict "selector" $optIn.podSelector "prefix" "k8s.") }}
{{- replace "\n" (printf "\nnetworkPolicy.optIns.%s.podSelector" $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
