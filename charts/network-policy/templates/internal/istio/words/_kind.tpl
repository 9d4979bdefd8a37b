{{/*
network-policy.internal.istio.words.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  NetworkPolicy
*/}}
{{- define "network-policy.internal.istio.words.kind" -}}
NetworkPolicy
{{- end -}}
