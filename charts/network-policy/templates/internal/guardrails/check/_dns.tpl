{{/*
network-policy.internal.guardrails.check.dns: checks that the DNS rule allows nothing that a guardrail denies.

Input   dns      networkPolicy.dns, or nil for the default
        denied   the output of network-policy.internal.guardrails.check.denied
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.dns found nothing
*/}}
{{- define "network-policy.internal.guardrails.check.dns" -}}
{{- $isProfile := ne (toString (.dns | default dict).profile) "custom" }}
{{- range $rule := include "network-policy.internal.networkpolicy.render.dns-rule" .dns | fromYamlArray }}
{{- template "network-policy.internal.guardrails.check.opened" (dict "rule" $rule "peers" "to" "denied" $.denied "isProfile" $isProfile) }}
{{- end }}
{{- end -}}
