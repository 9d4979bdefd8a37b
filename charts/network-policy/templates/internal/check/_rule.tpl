{{/*
network-policy.internal.check.rule: checks that no field of an extra rule would be left out, which would allow more.

Input   a NetworkPolicyEgressRule; `to` and `ports` can be absent or empty, which means everything in Kubernetes
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.rule" -}}
{{- if not (kindIs "map" .) }}
: {{ . | toJson | trunc 80 }} is not a rule; write to and ports below it
{{- else }}
{{- range $key, $items := . }}
{{- if not (has $key (list "to" "ports")) }}
.{{ $key }}: unknown key; write to or ports
{{- else if not (has (kindOf $items) (list "slice" "invalid")) }}
.{{ $key }}: {{ $items | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if $items }}
{{- with include (eq $key "to" | ternary "network-policy.internal.check.peers" "network-policy.internal.check.ports") $items }}
{{- replace "\n" (printf "\n.%s" $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
