{{/*
network-policy.internal.cilium.words.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  CiliumNetworkPolicy
*/}}
{{- define "network-policy.internal.cilium.words.kind" -}}
CiliumNetworkPolicy
{{- end -}}
