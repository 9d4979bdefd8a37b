{{/*
network-policy.internal.istio.words.rule: a dependency or caller in words, for NOTES.txt.

Input   as network-policy.internal.hosts.words.rule
Output  as network-policy.internal.hosts.words.rule
*/}}
{{- define "network-policy.internal.istio.words.rule" -}}
{{- template "network-policy.internal.hosts.words.rule" . }}
{{- end -}}
