{{/*
network-policy.internal.guardrails.check.peer: checks a peer that a guardrail denies: addresses, or pods of namespaces.

Input   item       map with ipBlock, or with namespaceSelector and optionally podSelector
        onlyPods   true if it cannot be addresses: a cluster-wide policy names who connects by labels only
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.peer" -}}
{{- range $key, $_ := omit .item "ipBlock" "namespaceSelector" "podSelector" }}
.{{ $key }}: unknown key; write ipBlock, namespaceSelector or podSelector
{{- end }}
{{- if hasKey .item "ipBlock" }}
{{- if or (hasKey .item "namespaceSelector") (hasKey .item "podSelector") }}
.ipBlock: cannot be used with podSelector or namespaceSelector; write it as its own peer
{{- end }}
{{- $block := .item.ipBlock }}
{{- if .onlyPods }}
.ipBlock: cannot be denied, because a cluster-wide policy names who connects by namespaces and pods; remove the peer
{{- else if not (kindIs "map" $block) }}
.ipBlock: {{ $block | toJson | trunc 80 }} is not a map; write cidr below it
{{- else }}
{{- range $key, $_ := omit $block "cidr" }}
.ipBlock.{{ $key }}: unknown key; write cidr
{{- end }}
{{- with include "network-policy.internal.guardrails.check.network" $block.cidr }}
{{- replace "\n" "\n.ipBlock.cidr" . }}
{{- end }}
{{- end }}
{{- else }}
{{- with include "network-policy.internal.guardrails.check.pods" .item }}
{{- . }}
{{- end }}
{{- end }}
{{- end -}}
