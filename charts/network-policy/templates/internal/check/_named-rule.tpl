{{/*
network-policy.internal.check.named-rule: checks that a dependency or caller has peers and ports.

Input   rule       the dependency or caller
        peers      `to` or `from`
        hasOther   optional: true if something else in the rule says whom it is for
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.named-rule" -}}
{{- range $key, $_ := omit .rule "name" "purpose" "hosts" "entities" .peers "ports" "allPorts" }}
.{{ $key }}: unknown key; write name, purpose, hosts, entities, {{ $.peers }}, ports or allPorts
{{- end }}
{{- if and .rule.ports .rule.allPorts }}
.allPorts: cannot be used with ports; remove one of the two
{{- else if .rule.allPorts }}
{{- range $index, $protocol := .rule.allPorts }}
{{- if not (has $protocol (list "TCP" "UDP" "SCTP")) }}
.allPorts[{{ $index }}]: {{ $protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end }}
{{- if or (index .rule .peers) (not .hasOther) }}
{{- with include "network-policy.internal.check.peers" (index .rule .peers) }}
{{- replace "\n" (print "\n." $.peers) . }}
{{- end }}
{{- end }}
{{- else }}
{{- template "network-policy.internal.check.written" . }}
{{- end }}
{{- end -}}
