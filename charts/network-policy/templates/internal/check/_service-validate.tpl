{{/*
network-policy.internal.check.service-validate: network-policy.policy.validate, plus what network-policy.policy.service
requires. A later values file or `--set` may have removed it with null.

Input   the root context
Output  nothing
Fails   once, with one line for each problem
*/}}
{{- define "network-policy.internal.check.service-validate" -}}
{{- with print (include "network-policy.internal.check.service" .) (include "network-policy.internal.check.values" .) }}
{{- fail . }}
{{- end }}
{{- end -}}
