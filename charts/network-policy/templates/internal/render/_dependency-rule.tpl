{{/*
network-policy.internal.render.dependency-rule: the rule for one dependency, from validated values.

Input   key, dependency   as network-policy.egress.dependency
Output  one element of spec.egress with a comment
Needs   network-policy.internal.check.dependency found nothing: `to` and the ports are not empty here
*/}}
{{- define "network-policy.internal.render.dependency-rule" -}}
# {{ template "network-policy.internal.render.comment" . }}
- to:
    {{- include "network-policy.internal.render.peers" .dependency.to | nindent 4 }}
  ports:
    {{- if .dependency.allPorts }}
    {{- range .dependency.allPorts }}
    - protocol: {{ . }}
    {{- end }}
    {{- else }}
    {{- include "network-policy.internal.render.ports" .dependency.ports | nindent 4 }}
    {{- end }}
{{- end -}}
