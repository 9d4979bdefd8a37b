{{/*
network-policy.internal.calico.check.peers: checks that Calico accepts each peer.

Input   list of NetworkPolicyPeer, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.calico.check.peers" -}}
{{- with include "network-policy.internal.check.strict-peers" (dict "peers" .) }}
{{- . }}
{{- else }}
{{- range $index, $peer := . }}
{{- range $field := list "namespaceSelector" "podSelector" }}
{{- with include "network-policy.internal.calico.check.selector" (dict "selector" (index $peer $field) "isOfPeer" (eq $field "podSelector")) }}
{{- replace "\n" (printf "\n[%d].%s" $index $field) . }}
{{- end }}
{{- end }}
{{- if gt (len (($peer.ipBlock | default dict).except | default list)) 256 }}
[{{ $index }}].ipBlock.except: has more than 256 networks, which Calico does not take; write larger networks
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
