{{/*
network-policy.internal.cilium.check.peers: checks that Cilium accepts each peer.

Input   list of NetworkPolicyPeer, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.cilium.check.peers" -}}
{{- template "network-policy.internal.check.strict-peers" (dict "peers" . "podPrefix" "k8s." "namespacePrefix" "k8s.io.cilium.k8s.namespace.labels.") }}
{{- end -}}
