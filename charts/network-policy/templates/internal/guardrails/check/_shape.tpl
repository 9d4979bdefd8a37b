{{/*
network-policy.internal.guardrails.check.shape: checks that no part of a guardrail would be left out, which would deny
less. Helm leaves a null of a later values file in place, because no chart has guardrails of its own.

Input   guardrails      networkPolicy.guardrails
        isClusterWide   true for the chart guardrail-policy: they also say whom they guard
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.shape" -}}
{{- $known := .isClusterWide | ternary (list "purpose" "priority" "namespaceSelector" "podSelector" "rules") (list "purpose" "rules") }}
{{- if kindIs "invalid" .guardrails }}
: is null, which would remove every guardrail; remove the line
{{- else if not (kindIs "map" .guardrails) }}
: {{ .guardrails | toJson | trunc 80 }} is not a map; write each guardrail below its name
{{- else }}
{{- range $name, $guardrail := .guardrails }}
{{- if kindIs "invalid" $guardrail }}
.{{ $name }}: is null, which would remove the guardrail; remove the line
{{- else if not (kindIs "map" $guardrail) }}
.{{ $name }}: {{ $guardrail | toJson | trunc 80 }} is not a map; write {{ join ", " (initial $known) }} or {{ last $known }} below it
{{- else }}
{{- range $key, $_ := $guardrail }}
{{- if not (has $key $known) }}
.{{ $name }}.{{ $key }}: unknown key; write {{ join ", " (initial $known) }} or {{ last $known }}
{{- end }}
{{- end }}
{{- if and (hasKey $guardrail "purpose") (not (kindIs "string" $guardrail.purpose)) }}
.{{ $name }}.purpose: {{ $guardrail.purpose | toJson | trunc 80 }} is not text; write it in quotes
{{- end }}
{{- if not (kindIs "slice" $guardrail.rules) }}
.{{ $name }}.rules: {{ $guardrail.rules | toJson | trunc 80 }} is not a list; write what is denied, each rule after a hyphen
{{- else }}
{{- range $index, $rule := $guardrail.rules }}
{{- with include "network-policy.internal.guardrails.check.rule" (dict "rule" $rule "isClusterWide" $.isClusterWide) }}
{{- replace "\n" (printf "\n.%s.rules[%d]" $name $index) . }}
{{- end }}
{{- else }}
.{{ $name }}.rules: is empty, so the guardrail denies nothing; write what is denied
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
