{{/*
network-policy.internal.check.direction: checks the rules of one direction, and that the policy limits it: rules of a
direction that policyTypes does not list would be ignored.

Input   settings      networkPolicy, or an opt-in
        check         name of the define that checks a dependency or caller
        dialect       networkPolicy.dialect
        denied        the output of network-policy.internal.guardrails.check.denied, or an empty map without guardrails
        type          Egress or Ingress
        named, extra  the keys of its rules: dependencies and egress, callers and ingress
        peers         `to` or `from`
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.direction" -}}
{{- $isLimited := has .type (.settings.policyTypes | default (list "Egress")) }}
{{- $rules := index .settings .named }}
{{- $extras := index .settings .extra }}
{{- if not (has (kindOf $rules) (list "map" "invalid")) }}
networkPolicy.{{ .named }}: {{ $rules | toJson | trunc 80 }} is not a map; write each rule below a name
{{- else }}
{{- range $key, $rule := $rules }}
{{- if not (kindIs "invalid" $rule) }}
{{- if not $isLimited }}
networkPolicy.{{ $.named }}.{{ $key }}: has no effect, because policyTypes does not list {{ $.type }}; add {{ $.type }} to policyTypes, or remove the rule
{{- end }}
{{- with include $.check (dict "rule" $rule "peers" $.peers "dialect" $.dialect) }}
{{- replace "\n" (printf "\nnetworkPolicy.%s.%s" $.named $key) . }}
{{- else }}
{{- if index $.denied $.peers }}
{{- with include "network-policy.internal.guardrails.check.opened" (dict "rule" $rule "peers" $.peers "dialect" $.dialect "denied" $.denied) }}
{{- replace "\n" (printf "\nnetworkPolicy.%s.%s" $.named $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if not (has (kindOf $extras) (list "slice" "invalid")) }}
networkPolicy.{{ .extra }}: {{ $extras | toJson | trunc 80 }} is not a list; write each rule after a hyphen
{{- else }}
{{- range $index, $rule := $extras }}
{{- if not $isLimited }}
networkPolicy.{{ $.extra }}[{{ $index }}]: has no effect, because policyTypes does not list {{ $.type }}; add {{ $.type }} to policyTypes, or remove the rule
{{- end }}
{{- with include "network-policy.internal.check.rule" (dict "rule" $rule "peers" $.peers) }}
{{- replace "\n" (printf "\nnetworkPolicy.%s[%d]" $.extra $index) . }}
{{- else }}
{{- if index $.denied $.peers }}
{{- with include "network-policy.internal.guardrails.check.opened" (dict "rule" $rule "peers" $.peers "denied" $.denied) }}
{{- replace "\n" (printf "\nnetworkPolicy.%s[%d]" $.extra $index) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
