{{/*
network-policy.internal.words.networkpolicy.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  NetworkPolicy
*/}}
{{- define "network-policy.internal.words.networkpolicy.kind" -}}
NetworkPolicy
{{- end -}}
