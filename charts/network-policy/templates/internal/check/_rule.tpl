{{/*
network-policy.internal.check.rule: checks that no field of an extra rule would be left out, which would allow more.

Input   rule    a NetworkPolicyEgressRule or NetworkPolicyIngressRule; peers and ports can be absent or an empty
                list, which means everything in Kubernetes; null is refused
        peers   `to` or `from`
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.rule" -}}
{{- if not (kindIs "map" .rule) }}
: {{ .rule | toJson | trunc 80 }} is not a rule; write {{ .peers }} and ports below it
{{- else }}
{{- range $key, $items := .rule }}
{{- if not (has $key (list $.peers "ports")) }}
.{{ $key }}: unknown key; write {{ $.peers }} or ports
{{- else if not (kindIs "slice" $items) }}
.{{ $key }}: {{ $items | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if $items }}
{{- with include (eq $key "ports" | ternary "network-policy.internal.check.ports" "network-policy.internal.check.peers") $items }}
{{- replace "\n" (printf "\n.%s" $key) . }}
{{- end }}
{{- range $index, $port := eq $key "ports" | ternary $items list }}
{{- if and (kindIs "invalid" $port.port) (hasKey $port "port") }}
.ports[{{ $index }}].port: is null, which Kubernetes reads as every port; write a number or a name, or remove the key
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
