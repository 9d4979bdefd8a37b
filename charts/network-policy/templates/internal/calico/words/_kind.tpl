{{/*
network-policy.internal.calico.words.kind: the kind of the policy, for NOTES.txt.

Input   anything
Output  Calico NetworkPolicy
*/}}
{{- define "network-policy.internal.calico.words.kind" -}}
Calico NetworkPolicy
{{- end -}}
