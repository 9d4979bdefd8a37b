{{/*
network-policy.internal.hosts.check.hosts: checks the hosts of a dependency, which are names outside the cluster.

Input   hosts     list
        check     name of the define that checks what the dialect can do with a host; its input is host and dialect
        dialect   networkPolicy.dialect
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.hosts.check.hosts" -}}
{{- if not (kindIs "slice" .hosts) }}
.hosts: {{ .hosts | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if not .hosts }}
.hosts: is empty; write at least one, or remove the key
{{- else }}
{{- range $index, $host := .hosts }}
{{- $given := dict "host" $host "dialect" $.dialect }}
{{- $problem := include "network-policy.internal.hosts.check.host" $given }}
{{- if not $problem }}
{{- $problem = include $.check $given }}
{{- end }}
{{- replace "\n" (printf "\n.hosts[%d]" $index) $problem }}
{{- end }}
{{- end }}
{{- end -}}
