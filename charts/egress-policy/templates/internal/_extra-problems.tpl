{{/*
egress-policy.internal.extra-problems: what is wrong with one extra rule, by the rules of the API server.

Input   a NetworkPolicyEgressRule; `to` and `ports` may be absent or empty, which Kubernetes reads as everything
Output  as egress-policy.internal.problems
*/}}
{{- define "egress-policy.internal.extra-problems" -}}
{{- if kindIs "map" . }}
{{- range $key, $items := . }}
{{- if not (has $key (list "to" "ports")) }}
.{{ $key }}: no such key; write to or ports
{{- else if not (has (kindOf $items) (list "slice" "invalid")) }}
.{{ $key }}: {{ $items | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if $items }}
{{- with include (eq $key "to" | ternary "egress-policy.internal.peers-problems" "egress-policy.internal.ports-problems") $items }}
{{- replace "\n" (printf "\n.%s" $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- else }}
: {{ . | toJson | trunc 80 }} is not a rule; write to and ports below it
{{- end }}
{{- end -}}
