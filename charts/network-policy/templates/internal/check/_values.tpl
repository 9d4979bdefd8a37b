{{/*
network-policy.internal.check.values: checks for values that would silently lose their meaning.

Templates read only the keys that they know, and in Kubernetes an absent field means everything. So a misspelled key, or
an empty list or selector, would open the service or leave it without a policy. The checks find these. The API server
refuses everything else, such as a port of 70000; a JSON Schema (values.schema.json of service-policy) reports it
earlier, along with every wrong type.

Each of the other checks takes one value. It returns a line break and a line for each problem, which starts with the
path below the value; the caller adds its own path in front. So paths are built only for problems, because this runs for
every service of a fleet.

Input   the root context, or a dict with its Values; with isNamespace, the values of a namespace
Output  a line break and a line for each problem; nothing if there are none
*/}}
{{- define "network-policy.internal.check.values" -}}
{{- template "network-policy.internal.check.misplaced" . }}
{{- $settings := .Values.networkPolicy }}
{{- if kindIs "map" $settings }}
{{- $known := list "release" "enabled" "dialect" "podSelector" "policyTypes" "dns" "dependencies" "callers" "egress" "ingress" "guardrails" "namespaceLabels" "commonLabels" "commonAnnotations" "probe" }}
{{- if $.isNamespace }}
{{- $known = list "release" "enabled" "dialect" "policyTypes" "dns" "dependencies" "callers" "optIns" "egress" "ingress" "guardrails" "namespaceLabels" "commonLabels" "commonAnnotations" }}
{{- end }}
{{- range $key, $_ := $settings }}
{{- if not (has $key $known) }}
networkPolicy.{{ $key }}: unknown key; write {{ join ", " (initial $known) }} or {{ last $known }}
{{- end }}
{{- end }}
{{- with $settings.release }}
{{- if not .namespace }}
networkPolicy.release.namespace: is missing; write the namespace of the release
{{- else if and $.Release (ne (toString .namespace) (toString $.Release.Namespace)) }}
networkPolicy.release.namespace: these values are for the namespace {{ .namespace }}, but a policy in {{ $.Release.Namespace }} protects none of its pods; install with --namespace {{ .namespace }}, or write {{ $.Release.Namespace }} in another values file
{{- end }}
{{- if and (kindIs "invalid" $settings.podSelector) (not $.isNamespace) }}
networkPolicy.podSelector: is missing; write matchLabels that only this service's pods have
{{- end }}
{{- end }}
{{- $dialect := "networkpolicy" }}
{{- with include "network-policy.internal.check.dialect" $settings.dialect }}
{{- replace "\n" "\nnetworkPolicy.dialect" . }}
{{- else }}
{{- $dialect = include "network-policy.internal.render.dialect" $ }}
{{- include (printf "network-policy.internal.%s.check.values" $dialect) $ }}
{{- end }}
{{- $denied := dict }}
{{- $namespaceLabels := dict }}
{{- if hasKey $settings "namespaceLabels" }}
{{- with include "network-policy.internal.guardrails.check.namespace-labels" $settings.namespaceLabels }}
{{- replace "\n" "\nnetworkPolicy.namespaceLabels" . }}
{{- else }}
{{- $namespaceLabels = $settings.namespaceLabels }}
{{- end }}
{{- end }}
{{- if hasKey $settings "guardrails" }}
{{- with include "network-policy.internal.guardrails.check.shape" (dict "guardrails" $settings.guardrails "isClusterWide" false) }}
{{- replace "\n" "\nnetworkPolicy.guardrails" . }}
{{- else }}
{{- $namespace := ($.Release | default dict).Namespace | default ($settings.release | default dict).namespace }}
{{- $denied = include "network-policy.internal.guardrails.check.denied" (dict "guardrails" $settings.guardrails "namespace" $namespace "namespaceLabels" $namespaceLabels) | fromJson }}
{{- end }}
{{- end }}
{{- $named := printf "network-policy.internal.%s.check.named-rule" $dialect }}
{{- if $.isNamespace }}
{{- template "network-policy.internal.check.opt-ins" (dict "settings" $settings "check" $named "denied" $denied "namespace" (($.Release | default dict).Namespace) "namespaceLabels" $namespaceLabels) }}
{{- end }}
{{- $selector := include "network-policy.internal.check.podselector" (dict "selector" $settings.podSelector "pods" "only this service's pods") }}
{{- with $selector }}
{{- replace "\n" "\nnetworkPolicy.podSelector" . }}
{{- end }}
{{- $dns := include "network-policy.internal.check.dns" $settings.dns }}
{{- with $dns }}
{{- replace "\n" "\nnetworkPolicy.dns" . }}
{{- end }}
{{- with include "network-policy.internal.check.policytypes" $settings.policyTypes }}
{{- replace "\n" "\nnetworkPolicy.policyTypes" . }}
{{- else }}
{{- include "network-policy.internal.check.direction" (dict "settings" $settings "check" $named "dialect" $settings.dialect "denied" $denied "type" "Egress" "named" "dependencies" "extra" "egress" "peers" "to") }}
{{- include "network-policy.internal.check.direction" (dict "settings" $settings "check" $named "dialect" $settings.dialect "denied" $denied "type" "Ingress" "named" "callers" "extra" "ingress" "peers" "from") }}
{{- if and $denied.to (not $dns) (has "Egress" ($settings.policyTypes | default (list "Egress"))) }}
{{- with include "network-policy.internal.guardrails.check.dns" (dict "dns" $settings.dns "denied" $denied) }}
{{- replace "\n" "\nnetworkPolicy.dns" . }}
{{- end }}
{{- end }}
{{- end }}
{{- template "network-policy.internal.check.metadata" $settings }}
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
