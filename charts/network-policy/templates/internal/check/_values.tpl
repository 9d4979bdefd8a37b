{{/*
network-policy.internal.check.values: where the values of one service would lose their meaning in silence.

Templates read the keys that they know, and to Kubernetes an absent field means everything: a key that is misspelled, a
list or selector that is empty or of another kind, would open the service or leave it without a policy. That is what is
checked here. The API server refuses the rest, such as a port of 70000; a JSON Schema (values.schema.json of
service-policy) names it earlier, and with it every wrong type.

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
{{- $settings := .Values.networkPolicy }}
{{- if kindIs "map" $settings }}
{{- range $key, $_ := omit $settings "release" "enabled" "podSelector" "dns" "dependencies" "egress" "commonLabels" "commonAnnotations" "probe" }}
networkPolicy.{{ $key }}: unknown key; write release, enabled, podSelector, dns, dependencies, egress, commonLabels, commonAnnotations or probe
{{- end }}
{{- with $settings.release }}
{{- if not .namespace }}
networkPolicy.release.namespace: is missing; write the namespace of the release
{{- else if and $.Release (ne (toString .namespace) (toString $.Release.Namespace)) }}
networkPolicy.release.namespace: these values are for the namespace {{ .namespace }}, but a policy in {{ $.Release.Namespace }} protects none of its pods; install with --namespace {{ .namespace }}, or write {{ $.Release.Namespace }} in another values file
{{- end }}
{{- if kindIs "invalid" $settings.podSelector }}
networkPolicy.podSelector: is missing; write matchLabels that only this service's pods have
{{- end }}
{{- end }}
{{- $selector := include "network-policy.internal.check.podselector" $settings.podSelector }}
{{- with $selector }}
{{- replace "\n" "\nnetworkPolicy.podSelector" . }}
{{- end }}
{{- with include "network-policy.internal.check.dns" $settings.dns }}
{{- replace "\n" "\nnetworkPolicy.dns" . }}
{{- end }}
{{- range $key, $dependency := $settings.dependencies }}
{{- if not (kindIs "invalid" $dependency) }}
{{- with include "network-policy.internal.check.dependency" $dependency }}
{{- replace "\n" (print "\nnetworkPolicy.dependencies." $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- range $index, $rule := $settings.egress }}
{{- with include "network-policy.internal.check.rule" $rule }}
{{- replace "\n" (printf "\nnetworkPolicy.egress[%d]" $index) . }}
{{- end }}
{{- end }}
{{- range $field := list "commonLabels" "commonAnnotations" }}
{{- range $key := include "network-policy.internal.check.unmanaged" $ | fromJsonArray }}
{{- if hasKey (index $settings $field | default dict) $key }}
networkPolicy.{{ $field }}.{{ $key }}: takes the policy out of the release; remove it
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
