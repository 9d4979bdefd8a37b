{{/*
network-policy.internal.words.cilium.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  CiliumNetworkPolicy
*/}}
{{- define "network-policy.internal.words.cilium.kind" -}}
CiliumNetworkPolicy
{{- end -}}
