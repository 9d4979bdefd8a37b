{{/*
network-policy.internal.calicostaged.words.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  StagedKubernetesNetworkPolicy
*/}}
{{- define "network-policy.internal.calicostaged.words.kind" -}}
StagedKubernetesNetworkPolicy
{{- end -}}
