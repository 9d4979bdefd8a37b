{{/*
network-policy.internal.cilium.words.rule: a dependency or caller in words, for NOTES.txt.

Input   as network-policy.internal.words.rule; the rule can have hosts or entities
Output  as network-policy.internal.words.rule, with the hosts or entities that are in place of the peers
*/}}
{{- define "network-policy.internal.cilium.words.rule" -}}
{{- template "network-policy.internal.hosts.words.rule" (dict "rule" .rule "peers" .peers "others" .rule.entities) }}
{{- end -}}
