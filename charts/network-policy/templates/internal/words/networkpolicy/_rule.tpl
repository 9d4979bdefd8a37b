{{/*
network-policy.internal.words.networkpolicy.rule: a dependency or caller in words, for NOTES.txt.

Input   as network-policy.internal.words.rule
Output  as network-policy.internal.words.rule
*/}}
{{- define "network-policy.internal.words.networkpolicy.rule" -}}
{{- template "network-policy.internal.words.rule" . }}
{{- end -}}
