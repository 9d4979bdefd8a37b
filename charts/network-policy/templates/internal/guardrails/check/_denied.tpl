{{/*
network-policy.internal.guardrails.check.denied: what the guardrails deny, in the form that
network-policy.internal.guardrails.check.opened compares rules with.

Input   guardrails        networkPolicy.guardrails
        namespace         the namespace of the release, in which peers without namespaceSelector are; nothing if it is
                          not known: then they can be in any
        namespaceLabels   networkPolicy.namespaceLabels, or nil
Output  JSON: namespace; namespaceLabels; to and from, each a list with an item for each rule:
            guardrail    its name and its purpose, in one line
            ports        list of protocol, first and last
            networks     list of cidr and bits, as network-policy.internal.check.network
            isInternet   whether the networks are more than half of all addresses of a family
            pods         list of namespaceSelector and podSelector
Needs   network-policy.internal.guardrails.check.shape and .namespace-labels found nothing
*/}}
{{- define "network-policy.internal.guardrails.check.denied" -}}
{{- $denied := dict "namespace" (.namespace | default "") "namespaceLabels" (.namespaceLabels | default dict) "to" list "from" list }}
{{- range $name, $guardrail := .guardrails }}
{{- range $rule := $guardrail.rules }}
{{- $ports := list }}
{{- range $rule.allPorts }}
{{- $ports = append $ports (dict "protocol" . "first" 1 "last" 65535) }}
{{- end }}
{{- range $rule.ports }}
{{- $ports = append $ports (dict "protocol" .protocol "first" (int .port) "last" (.endPort | default .port | int)) }}
{{- end }}
{{- $side := hasKey $rule "to" | ternary "to" "from" }}
{{- $networks := list }}
{{- $pods := list }}
{{- /* Of each family, in parts of 2^32. Networks smaller than such a part do not change what is more than half. */}}
{{- $sizes := dict "4" 0 "6" 0 }}
{{- range index $rule $side }}
{{- if .ipBlock }}
{{- $bits := include "network-policy.internal.check.network" .ipBlock.cidr }}
{{- $networks = append $networks (dict "cidr" .ipBlock.cidr "bits" $bits) }}
{{- if le (len $bits) 33 }}
{{- $size := repeat (sub 33 (len $bits) | int) "0" | printf "0b1%s" | int64 }}
{{- $_ := set $sizes (trunc 1 $bits) (index $sizes (trunc 1 $bits) | add $size) }}
{{- end }}
{{- else }}
{{- $pods = append $pods . }}
{{- end }}
{{- end }}
{{- $isInternet := or (gt (index $sizes "4" | int64) 2147483648) (gt (index $sizes "6" | int64) 2147483648) }}
{{- $guardrail := include "network-policy.internal.render.comment" (dict "key" $name "rule" (pick $guardrail "purpose")) }}
{{- $_ := set $denied $side (append (index $denied $side) (dict "guardrail" $guardrail "ports" $ports "networks" $networks "isInternet" $isInternet "pods" $pods)) }}
{{- end }}
{{- end }}
{{- toJson $denied }}
{{- end -}}
