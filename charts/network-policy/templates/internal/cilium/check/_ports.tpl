{{/*
network-policy.internal.cilium.check.ports: checks what the API server checks of a NetworkPolicy only. Cilium reads the
port 0, and text that is a number, as a number: 0 is every port.

Input   ports     list, or nil
        dialect   networkPolicy.dialect
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.cilium.check.ports" -}}
{{- template "network-policy.internal.check.strict-ports" .ports }}
{{- range $index, $port := .ports }}
{{- if and (not (kindIs "invalid" $port.endPort)) (include "network-policy.internal.cilium.check.version" (dict "dialect" $.dialect "minor" 16)) }}
[{{ $index }}].endPort: needs Cilium 1.16 or later, but version is {{ $.dialect.version }}; write each port
{{- end }}
{{- end }}
{{- end -}}
