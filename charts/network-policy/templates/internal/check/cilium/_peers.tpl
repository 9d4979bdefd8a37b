{{/*
network-policy.internal.check.cilium.peers: checks that Cilium accepts each peer.

Input   list of NetworkPolicyPeer, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.cilium.peers" -}}
{{- range $index, $peer := . }}
{{- with include "network-policy.internal.check.strict-selector" (dict "selector" $peer.namespaceSelector "prefix" "k8s.io.cilium.k8s.namespace.labels.") }}
{{- replace "\n" (printf "\n[%d].namespaceSelector" $index) . }}
{{- end }}
{{- with include "network-policy.internal.check.strict-selector" (dict "selector" $peer.podSelector "prefix" "k8s.") }}
{{- replace "\n" (printf "\n[%d].podSelector" $index) . }}
{{- end }}
{{- with $peer.ipBlock }}
{{- $network := include "network-policy.internal.check.network" .cidr }}
{{- if not $network }}
[{{ $index }}].ipBlock.cidr: {{ .cidr | toJson | trunc 80 }} is not a network; write an address and a prefix length, such as 203.0.113.0/24
{{- end }}
{{- range $at, $except := .except }}
{{- $inner := include "network-policy.internal.check.network" $except }}
{{- if not $inner }}
[{{ $index }}].ipBlock.except[{{ $at }}]: {{ $except | toJson | trunc 80 }} is not a network; write an address and a prefix length, such as 203.0.113.0/24
{{- else if and $network (not (hasPrefix $network $inner)) }}
[{{ $index }}].ipBlock.except[{{ $at }}]: {{ $except }} is not inside {{ $peer.ipBlock.cidr }}; write a network inside it, or remove this one
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
