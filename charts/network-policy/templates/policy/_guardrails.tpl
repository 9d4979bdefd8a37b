{{/*
network-policy.policy.guardrails: the cluster-wide policies of guardrails, of a chart that is installed once per
cluster. They are asked before every NetworkPolicy, so that none can allow what they deny.

Input   the root context, or a dict as network-policy.policy takes it. Of networkPolicy it reads
            release, enabled, commonLabels, commonAnnotations
            apiVersion   the API of the policies
            guardrails   map of name to purpose, priority, namespaceSelector, podSelector and rules
Output  one YAML document for each guardrail, or one with all of them; nothing if networkPolicy.enabled is false
Fails   with every problem of the values, before anything is rendered; also if the release has another name or namespace
*/}}
{{- define "network-policy.policy.guardrails" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- template "network-policy.internal.guardrails.check.validate" . }}
{{- $api := include "network-policy.internal.guardrails.render.api" .Values.networkPolicy.apiVersion | fromJson }}
{{- if $api.tierOrder }}
{{- template "network-policy.internal.guardrails.render.calico-tier" . }}
{{- else }}
{{- range $name, $guardrail := .Values.networkPolicy.guardrails }}
{{- template "network-policy.internal.guardrails.render.policy" (dict "Values" $.Values "Release" $.Release "Chart" $.Chart "name" $name "guardrail" $guardrail) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
