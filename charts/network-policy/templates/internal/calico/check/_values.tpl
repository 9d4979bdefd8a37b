{{/*
network-policy.internal.calico.check.values: checks what Calico cannot do.

Input   the root context, or a dict with its Values
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.calico.check.values" -}}
{{- template "network-policy.internal.networkpolicy.check.values" . }}
{{- $settings := .Values.networkPolicy }}
{{- if and .Release .Chart }}
{{- $name := include "network-policy.policy.name" . }}
{{- if contains "." $name }}
fullnameOverride: the policy has the name {{ $name }}, and Calico reads what is before a dot as the name of a tier; write a name without dots
{{- end }}
{{- end }}
{{- $selectors := dict "podSelector" $settings.podSelector }}
{{- range $key, $optIn := kindIs "map" $settings.optIns | ternary $settings.optIns dict }}
{{- if kindIs "map" $optIn }}
{{- $_ := set $selectors (printf "optIns.%s.podSelector" $key) $optIn.podSelector }}
{{- end }}
{{- end }}
{{- range $path, $selector := $selectors }}
{{- with include "network-policy.internal.check.strict-selector" (dict "selector" $selector) | default (include "network-policy.internal.calico.check.selector" (dict "selector" $selector)) }}
{{- replace "\n" (printf "\nnetworkPolicy.%s" $path) . }}
{{- end }}
{{- end }}
{{- $dns := kindIs "map" $settings.dns | ternary $settings.dns dict }}
{{- if eq (toString $dns.profile) "custom" }}
{{- with include "network-policy.internal.calico.check.peers" $dns.to }}
{{- replace "\n" "\nnetworkPolicy.dns.to" . }}
{{- end }}
{{- with include "network-policy.internal.check.strict-ports" $dns.ports }}
{{- replace "\n" "\nnetworkPolicy.dns.ports" . }}
{{- end }}
{{- end }}
{{- end -}}
