{{/*
network-policy.internal.hosts.words.rule: a dependency or caller in words, for NOTES.txt.

Input   as network-policy.internal.words.rule; the rule can have hosts; also
        others   optional: list of what else can be in place of the peers
Output  as network-policy.internal.words.rule, with the hosts or others that are in place of the peers
*/}}
{{- define "network-policy.internal.hosts.words.rule" -}}
{{- $others := .others }}
{{- if and .rule.hosts (eq .peers "to") }}
{{- $others = .rule.hosts }}
{{- end }}
{{- if $others }}
{{- range $others -}}
{{ $.peers }} {{ . }}
{{ end }}
{{- include "network-policy.internal.words.rule" (dict "rule" .rule "peers" "") | splitList "\n" | last }}
{{- else }}
{{- template "network-policy.internal.words.rule" . }}
{{- end }}
{{- end -}}
