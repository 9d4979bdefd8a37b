{{/*
network-policy.internal.check.strict-peers: checks what the API server checks of peers, for kinds of policies of which
it does not.

Input   peers             list of NetworkPolicyPeer, or nil
        podPrefix         optional, as the prefix of network-policy.internal.check.strict-selector
        namespacePrefix   the same for namespaces
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.strict-peers" -}}
{{- range $index, $peer := .peers }}
{{- with include "network-policy.internal.check.strict-selector" (dict "selector" $peer.namespaceSelector "prefix" $.namespacePrefix) }}
{{- replace "\n" (printf "\n[%d].namespaceSelector" $index) . }}
{{- end }}
{{- with include "network-policy.internal.check.strict-selector" (dict "selector" $peer.podSelector "prefix" $.podPrefix) }}
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
