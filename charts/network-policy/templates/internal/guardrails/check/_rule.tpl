{{/*
network-policy.internal.guardrails.check.rule: checks that a rule of a guardrail denies what it says, and no less.

Input   rule            the rule: `to` or `from`, and `ports` or `allPorts`
        isClusterWide   as network-policy.internal.guardrails.check.shape
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.rule" -}}
{{- if not (kindIs "map" .rule) }}
: {{ .rule | toJson | trunc 80 }} is not a rule; write to or from, and ports or allPorts, below it
{{- else }}
{{- $rule := .rule }}
{{- range $key, $items := $rule }}
{{- if not (has $key (list "to" "from" "ports" "allPorts")) }}
.{{ $key }}: unknown key; write to, from, ports or allPorts
{{- else if not (kindIs "slice" $items) }}
.{{ $key }}: {{ $items | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if not $items }}
.{{ $key }}: is empty; write at least one item
{{- else if eq $key "allPorts" }}
{{- range $index, $protocol := $items }}
{{- if not (has $protocol (list "TCP" "UDP" "SCTP")) }}
.allPorts[{{ $index }}]: {{ $protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end }}
{{- else }}
{{- range $index, $item := $items }}
{{- if not (kindIs "map" $item) }}
.{{ $key }}[{{ $index }}]: {{ $item | toJson | trunc 80 }} is not a map; write a {{ eq $key "ports" | ternary "port" "peer" }} below it
{{- else }}
{{- $define := eq $key "ports" | ternary "port" "peer" | printf "network-policy.internal.guardrails.check.%s" }}
{{- with include $define (dict "item" $item "onlyPods" (and $.isClusterWide (eq $key "from"))) }}
{{- replace "\n" (printf "\n.%s[%d]" $key $index) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- range $pair := list (list "to" "from") (list "ports" "allPorts") }}
{{- $one := hasKey $rule (first $pair) }}
{{- if eq $one (hasKey $rule (last $pair)) }}
: has {{ $one | ternary "both" "neither" }} {{ first $pair }} {{ $one | ternary "and" "nor" }} {{ last $pair }}; write one of the two
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
