{{/*
network-policy.internal.calico.words.rule: a dependency or caller in words, for NOTES.txt.

Input   as network-policy.internal.words.rule; the rule can have entities
Output  as network-policy.internal.words.rule, with the entities that are in place of the peers
*/}}
{{- define "network-policy.internal.calico.words.rule" -}}
{{- $entities := eq .peers "to" | ternary .rule.entities list }}
{{- template "network-policy.internal.hosts.words.rule" (dict "rule" (omit .rule "hosts") "peers" .peers "others" $entities) }}
{{- end -}}
