{{/*
network-policy.internal.guardrails.check.shared-port: whether the ports of a rule and those of a guardrail meet.

Input   rule     map with ports or allPorts; without both it is for every port
        denied   list of protocol, first and last
Output  the first port or range of ports of both, such as 443/TCP; nothing if there is none
*/}}
{{- define "network-policy.internal.guardrails.check.shared-port" -}}
{{- $ports := .rule.ports }}
{{- if not $ports }}
{{- range .rule.allPorts | default (list "TCP" "UDP" "SCTP") }}
{{- $ports = append ($ports | default list) (dict "protocol" .) }}
{{- end }}
{{- end }}
{{- $shared := "" }}
{{- range $port := $ports }}
{{- range $range := $.denied }}
{{- if and (not $shared) (eq ($port.protocol | default "TCP") $range.protocol) }}
{{- if kindIs "string" $port.port }}
{{- $shared = include "network-policy.internal.words.port" $port }}
{{- else }}
{{- $first := max (int $range.first) ($port.port | default 1 | int) | int }}
{{- $last := min (int $range.last) (kindIs "invalid" $port.port | ternary 65535 ($port.endPort | default $port.port) | int) | int }}
{{- if and (eq $first 1) (eq $last 65535) }}
{{- $shared = printf "every port of %s" $range.protocol }}
{{- else if le $first $last }}
{{- $shared = include "network-policy.internal.words.port" (dict "port" $first "endPort" (eq $first $last | ternary nil $last) "protocol" $range.protocol) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $shared }}
{{- end -}}
