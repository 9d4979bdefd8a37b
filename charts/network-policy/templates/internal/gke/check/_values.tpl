{{/*
network-policy.internal.gke.check.values: checks what GKE cannot do.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.gke.check.values" -}}
{{- template "network-policy.internal.hosts.check.values" . }}
{{- end -}}
