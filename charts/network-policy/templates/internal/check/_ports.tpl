{{/*
network-policy.internal.check.ports: checks that no port would be rendered as its default, or as other YAML.

Input   the list, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.ports" -}}
{{- range $index, $port := . }}
{{- range $key, $_ := omit $port "port" "protocol" "endPort" }}
[{{ $index }}].{{ $key }}: unknown key; write port, protocol or endPort
{{- end }}
{{- if not (has $port.protocol (list "TCP" "UDP" "SCTP")) }}
{{- if $port.protocol }}
[{{ $index }}].protocol: {{ $port.protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
