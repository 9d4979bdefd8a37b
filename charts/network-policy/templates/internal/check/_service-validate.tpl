{{/*
network-policy.internal.check.service-validate: as network-policy.policy.validate, and what network-policy.policy.service asks for besides. A later
values file or `--set` may have removed it with null.

Input   the root context
Output  nothing
Fails   once, with one line for each problem
*/}}
{{- define "network-policy.internal.check.service-validate" -}}
{{- with print (include "network-policy.internal.check.service" .) (include "network-policy.internal.check.values" .) }}
{{- fail . }}
{{- end }}
{{- end -}}
