{{/*
network-policy.internal.guardrails.check.validate: refuses values of the chart guardrail-policy that would render other
policies, or none.

Input   the root context, or a dict as network-policy.policy takes it
Output  nothing
Fails   once, with one line for each problem
*/}}
{{- define "network-policy.internal.guardrails.check.validate" -}}
{{- $context := dict "Values" .Values "Release" .Release "isNamespace" true }}
{{- with print (include "network-policy.internal.check.service" $context) (include "network-policy.internal.guardrails.check.values" .) }}
{{- fail . }}
{{- end }}
{{- end -}}
