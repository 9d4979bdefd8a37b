{{/*
network-policy.internal.guardrails.check.shared-peer: whether a peer of a rule and those of a guardrail meet. Pods that
need the labels of both are left aside (see network-policy.internal.guardrails.check.selectors-apart).

Input   peer                         a NetworkPolicyPeer
        denial                       an item of the output of network-policy.internal.guardrails.check.denied
        namespace, namespaceLabels   as there
Output  JSON, for the first peer of the guardrail that is met: opens, what the rule allows of it, in words; repair, what
        to write. Nothing if it meets none
*/}}
{{- define "network-policy.internal.guardrails.check.shared-peer" -}}
{{- $found := dict }}
{{- if .peer.ipBlock }}
{{- $bits := include "network-policy.internal.check.network" .peer.ipBlock.cidr }}
{{- $excepts := list }}
{{- range .peer.ipBlock.except }}
{{- $excepts = append $excepts (include "network-policy.internal.check.network" . | default "none") }}
{{- end }}
{{- range $network := .denial.networks }}
{{- $isInside := hasPrefix $bits $network.bits }}
{{- if and $bits (not $found) (or $isInside (hasPrefix $network.bits $bits)) }}
{{- $isLeftOut := false }}
{{- range $excepts }}
{{- if hasPrefix . ($isInside | ternary $network.bits $bits) }}
{{- $isLeftOut = true }}
{{- end }}
{{- end }}
{{- if and (not $isLeftOut) $isInside (ne $bits $network.bits) }}
{{- $found = dict "opens" $network.cidr "repair" (printf "write %s below except" $network.cidr) }}
{{- else if not $isLeftOut }}
{{- $found = dict "opens" $.peer.ipBlock.cidr "repair" "remove the network" }}
{{- end }}
{{- end }}
{{- end }}
{{- else }}
{{- $namespaces := .peer.namespaceSelector }}
{{- if not (kindIs "map" $namespaces) }}
{{- $namespaces = dict }}
{{- if .namespace }}
{{- $namespaces = dict "matchLabels" (dict "kubernetes.io/metadata.name" .namespace) }}
{{- end }}
{{- end }}
{{- range $pods := .denial.pods }}
{{- if not $found }}
{{- if include "network-policy.internal.guardrails.check.selectors-meet" (dict "selectors" (list $.peer.podSelector $pods.podSelector)) }}
{{- if include "network-policy.internal.guardrails.check.selectors-meet" (dict "selectors" (list $namespaces $pods.namespaceSelector) "areNamespaces" true "namespaceLabels" $.namespaceLabels) }}
{{- if not (include "network-policy.internal.guardrails.check.selectors-apart" (dict "selectors" (list $.peer.podSelector $pods.podSelector))) }}
{{- $found = dict "opens" (include "network-policy.internal.words.peer" $pods) "repair" "write labels of other pods" }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if $found }}
{{- toJson $found }}
{{- end }}
{{- end -}}
