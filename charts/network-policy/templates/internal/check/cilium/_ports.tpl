{{/*
network-policy.internal.check.cilium.ports: checks what the API server checks of a NetworkPolicy only. Cilium reads the
port 0, and text that is a number, as a number: 0 is every port.

Input   ports     list, or nil
        dialect   networkPolicy.dialect
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.cilium.ports" -}}
{{- range $index, $port := .ports }}
{{- if not (kindIs "invalid" $port.port) }}
{{- $number := int $port.port }}
{{- $isNumber := and (not (kindIs "string" $port.port)) (ge $number 1) (le $number 65535) (eq (print $port.port) (print $number)) }}
{{- $isName := and (kindIs "string" $port.port) (regexMatch "^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$" (toString $port.port)) (le (len (toString $port.port)) 15) }}
{{- if not (or $isNumber $isName) }}
[{{ $index }}].port: {{ $port.port | toJson | trunc 80 }} is not a port; write 1 to 65535, or the name of a container port
{{- end }}
{{- end }}
{{- if and (not (kindIs "invalid" $port.endPort)) (include "network-policy.internal.check.cilium.version" (dict "dialect" $.dialect "minor" 16)) }}
[{{ $index }}].endPort: needs Cilium 1.16 or later, but version is {{ $.dialect.version }}; write each port
{{- end }}
{{- end }}
{{- end -}}
