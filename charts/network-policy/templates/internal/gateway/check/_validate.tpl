{{/*
network-policy.internal.gateway.check.validate: refuses values of the chart egress-gateway that would open a host to
others, or lead connections elsewhere.

Input   the root context, or a dict as network-policy.policy takes it
Output  nothing
Fails   once, with one line for each problem
*/}}
{{- define "network-policy.internal.gateway.check.validate" -}}
{{- $context := dict "Values" .Values "Release" .Release "isNamespace" true }}
{{- with print (include "network-policy.internal.check.service" $context) (include "network-policy.internal.gateway.check.values" .) }}
{{- fail . }}
{{- end }}
{{- end -}}
