{{/*
egress-policy.internal.service-validate: as egress-policy.validate, and what egress-policy.service asks for besides. A later
values file or `--set` may have removed it with null.

Input   the root context
Output  nothing
Fails   once, with one line for each problem
*/}}
{{- define "egress-policy.internal.service-validate" -}}
{{- with print (include "egress-policy.internal.service-problems" .) (include "egress-policy.internal.problems" .) }}
{{- fail . }}
{{- end }}
{{- end -}}
