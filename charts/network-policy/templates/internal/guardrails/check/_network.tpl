{{/*
network-policy.internal.guardrails.check.network: checks that a network is one, written as in the API: without bits
beyond its prefix, and not as an IPv4 address within IPv6, which programs read in different ways.

Input   the network
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.network" -}}
{{- $bits := include "network-policy.internal.check.network" . }}
{{- if not $bits }}
: {{ . | toJson | trunc 80 }} is not a network; write an address and a prefix length, such as 203.0.113.0/24
{{- else if hasPrefix (printf "6%s%s" (repeat 80 "0") (repeat 16 "1")) $bits }}
: {{ . }} is an IPv4-mapped network; write the IPv4 network
{{- else }}
{{- $whole := printf "%s/%s" (splitList "/" . | first) (hasPrefix "4" $bits | ternary "32" "128") }}
{{- if trimPrefix $bits (include "network-policy.internal.check.network" $whole) | contains "1" }}
: {{ . }} has bits beyond its prefix; write the first address of the network
{{- end }}
{{- end }}
{{- end -}}
