{{/*
egress-policy.internal.dependency-rule: the rule for one dependency, values already checked.

Input   key, dependency   as egress-policy.egress.dependency
Output  one element of spec.egress under a comment
Needs   egress-policy.internal.dependency-problems found nothing: `to` and the ports are not empty here
*/}}
{{- define "egress-policy.internal.dependency-rule" -}}
# {{ template "egress-policy.internal.comment" . }}
- to:
    {{- template "egress-policy.internal.peers" .dependency.to }}
  ports:
    {{- if .dependency.allPorts }}
    {{- range .dependency.allPorts }}
    - protocol: {{ . }}
    {{- end }}
    {{- else }}
    {{- template "egress-policy.internal.ports" .dependency.ports }}
    {{- end }}
{{- end -}}
