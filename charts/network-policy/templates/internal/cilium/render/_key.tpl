{{/*
network-policy.internal.cilium.render.key: the key of a label from Kubernetes, as Cilium writes it.

Input   a string
Output  a scalar on one line
*/}}
{{- define "network-policy.internal.cilium.render.key" -}}
{{- /* Most keys need no quotes: see network-policy.internal.render.string. */}}
{{- if trimAll "abcdefghijklmnopqrstuvwxyz0123456789._/-" . }}
{{- template "network-policy.internal.render.unusual-string" (print "k8s:" .) }}
{{- else -}}
k8s:{{ . }}
{{- end }}
{{- end -}}
