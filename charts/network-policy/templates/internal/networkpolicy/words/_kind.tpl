{{/*
network-policy.internal.networkpolicy.words.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  NetworkPolicy
*/}}
{{- define "network-policy.internal.networkpolicy.words.kind" -}}
NetworkPolicy
{{- end -}}
