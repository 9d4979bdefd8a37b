{{/*
network-policy.internal.guardrails.check.policy: checks whom a guardrail guards, its priority, and that it fits into one
object.

Input   guardrail   the guardrail
        name        its name
        api         the output of network-policy.internal.guardrails.render.api
Output  as network-policy.internal.check.values
Needs   network-policy.internal.guardrails.check.shape found nothing
*/}}
{{- define "network-policy.internal.guardrails.check.policy" -}}
{{- $priority := int .guardrail.priority }}
{{- if or (kindIs "string" .guardrail.priority) (lt $priority 0) (gt $priority 1000) (ne (print .guardrail.priority) (print $priority)) }}
.priority: {{ .guardrail.priority | toJson | trunc 80 }} is not a priority; write 0 to 1000
{{- end }}
{{- template "network-policy.internal.guardrails.check.pods" (pick .guardrail "namespaceSelector" "podSelector") }}
{{- if .api }}
{{- $api := fromJson .api }}
{{- if $api.tierOrder }}
{{- template "network-policy.internal.guardrails.check.calico-selectors" .guardrail }}
{{- end }}
{{- range $peers, $direction := dict "to" "egress" "from" "ingress" }}
{{- $rules := include "network-policy.internal.guardrails.render.rules" (dict "guardrail" $.guardrail "name" $.name "peers" $peers "api" $api) | fromYamlArray }}
{{- if gt (len $rules) (int $api.most) }}
.rules: need {{ len $rules }} {{ $direction }} rules, but {{ $api.indefinite }} can have {{ $api.most }}; write several guardrails
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
