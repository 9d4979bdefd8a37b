{{/*
network-policy.internal.gke.words.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  NetworkPolicy
*/}}
{{- define "network-policy.internal.gke.words.kind" -}}
NetworkPolicy
{{- end -}}
