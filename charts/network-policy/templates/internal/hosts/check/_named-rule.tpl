{{/*
network-policy.internal.hosts.check.named-rule: checks a dependency or caller. A dependency can have hosts instead of
peers; those of a caller have no effect.

Input   as network-policy.internal.check.direction gives it to its `check`; also
        check   as network-policy.internal.hosts.check.hosts
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.hosts.check.named-rule" -}}
{{- $hasHosts := and (eq .peers "to") (not (kindIs "invalid" .rule.hosts)) }}
{{- if $hasHosts }}
{{- template "network-policy.internal.hosts.check.hosts" (dict "hosts" .rule.hosts "check" .check "dialect" .dialect) }}
{{- range $index, $port := .rule.ports }}
{{- if kindIs "string" $port.port }}
.ports[{{ $index }}].port: {{ $port.port | toJson | trunc 80 }} is the name of a port of pods, which a host has not; write the number
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.strict-ports" .rule.ports }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- else if not (index .rule .peers) }}
: has no peer, which Kubernetes reads as everything; write {{ eq .peers "to" | ternary "hosts or to" .peers }} below it
{{- end }}
{{- template "network-policy.internal.check.named-rule" (dict "rule" .rule "peers" .peers "hasOther" true) }}
{{- end -}}
