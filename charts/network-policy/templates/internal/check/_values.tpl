{{/*
network-policy.internal.check.values: everything that is wrong with the values of one service.

The other checks take one value each and say what is wrong inside it, a line for each problem, after a line break and
starting with the path from that value on; the caller puts its own path before each line. So a path is only built where
there is a problem: this runs for every service of a fleet.

Input   the root context, or a dict with its Values
Output  a line for each problem, each after a line break; nothing when all is well
*/}}
{{- define "network-policy.internal.check.values" -}}
{{- /* Helm keeps a subchart's values under its name, where people write them by habit. */}}
{{- range $key := list "nameOverride" "fullnameOverride" "networkPolicy" }}
{{- if hasKey (index $.Values "network-policy" | default dict) $key }}
network-policy.{{ $key }}: is not read; write {{ $key }} at the top of the values, next to the other keys of your chart
{{- end }}
{{- end }}
{{- range $key := list "nameOverride" "fullnameOverride" }}
{{- with index $.Values $key }}
{{- if not (kindIs "string" .) }}
{{ $key }}: {{ . | toJson | trunc 80 }} is not a string; write it in quotes
{{- end }}
{{- end }}
{{- end }}
{{- $settings := .Values.networkPolicy }}
{{- if kindIs "map" $settings }}
{{- range $key, $_ := omit $settings "release" "enabled" "podSelector" "dns" "dependencies" "egress" "commonLabels" "commonAnnotations" "probe" }}
networkPolicy.{{ $key }}: no such key; write release, enabled, podSelector, dns, dependencies, egress, commonLabels, commonAnnotations or probe
{{- end }}
{{- if not (has (kindOf $settings.enabled) (list "bool" "invalid")) }}
networkPolicy.enabled: {{ $settings.enabled | toJson | trunc 80 }} is neither true nor false; write one of them without quotes
{{- end }}
{{- with include "network-policy.internal.check.release" (dict "release" $settings.release "namespace" (.Release | default dict).Namespace) }}
{{- replace "\n" "\nnetworkPolicy.release" . }}
{{- end }}
{{- if and (kindIs "map" $settings.release) (kindIs "invalid" $settings.podSelector) }}
networkPolicy.podSelector: is missing; write matchLabels that only this service's pods have
{{- end }}
{{- $selector := include "network-policy.internal.check.podselector" $settings.podSelector }}
{{- with $selector }}
{{- replace "\n" "\nnetworkPolicy.podSelector" . }}
{{- end }}
{{- with include "network-policy.internal.check.dns" $settings.dns }}
{{- replace "\n" "\nnetworkPolicy.dns" . }}
{{- end }}
{{- with include "network-policy.internal.check.dependencies" $settings.dependencies }}
{{- replace "\n" "\nnetworkPolicy.dependencies" . }}
{{- end }}
{{- with include "network-policy.internal.check.extras" $settings.egress }}
{{- replace "\n" "\nnetworkPolicy.egress" . }}
{{- end }}
{{- range $key := list "commonLabels" "commonAnnotations" }}
{{- if not (kindIs "invalid" (index $settings $key)) }}
{{- with include "network-policy.internal.check.strings" (index $settings $key) }}
{{- replace "\n" (printf "\nnetworkPolicy.%s" $key) . }}
{{- else }}
{{- range $unmanaged := include "network-policy.internal.check.unmanaged" $ | fromJsonArray }}
{{- if hasKey (index $settings $key) $unmanaged }}
networkPolicy.{{ $key }}.{{ $unmanaged }}: takes the policy out of the release; remove it
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.probe" $settings.probe }}
{{- replace "\n" "\nnetworkPolicy.probe" . }}
{{- else }}
{{- if and (not $selector) (include "network-policy.internal.probe.enabled" $) }}
{{- with include "network-policy.internal.check.probe-labels" $ }}
{{- replace "\n" "\nnetworkPolicy.probe" . }}
{{- end }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" $settings) }}
networkPolicy: {{ $settings | toJson | trunc 80 }} is not a map; write enabled, dns, dependencies or egress below it
{{- end }}
{{- end -}}
