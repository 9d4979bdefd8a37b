{{/*
network-policy.internal.eks.words.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  NetworkPolicy
*/}}
{{- define "network-policy.internal.eks.words.kind" -}}
NetworkPolicy
{{- end -}}
