{{/*
network-policy.internal.calicostaged.words.rule: a dependency or caller in words, for NOTES.txt.

Input   as network-policy.internal.words.rule
Output  as network-policy.internal.words.rule
*/}}
{{- define "network-policy.internal.calicostaged.words.rule" -}}
{{- template "network-policy.internal.networkpolicy.words.rule" . }}
{{- end -}}
