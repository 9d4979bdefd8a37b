{{/*
network-policy.internal.check.ports: what is wrong with a list of ports, by the rules of the API server.

A number reaches Helm as int64 or float64. It is whole when it prints as what `int` makes of it, and `int` makes 0 of what
is no number. A null is an absent field, as it is to Kubernetes.

Input   the list
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.ports" -}}
{{- if kindIs "slice" . }}
{{- $protocols := list "TCP" "UDP" "SCTP" }}
{{- range $index, $port := . }}
{{- if kindIs "map" $port }}
{{- range $key, $_ := omit $port "port" "protocol" "endPort" }}
[{{ $index }}].{{ $key }}: no such key; write port, protocol or endPort
{{- end }}
{{- if not (has $port.protocol $protocols) }}
{{- if not (kindIs "invalid" $port.protocol) }}
[{{ $index }}].protocol: {{ $port.protocol | toJson | trunc 80 }} is not a protocol; write TCP, UDP or SCTP
{{- end }}
{{- end }}
{{- $first := int $port.port }}
{{- if kindIs "string" $port.port }}
{{- $first = 0 }}
{{- if not (and (le (len $port.port) 15) (regexMatch "^[a-z0-9]+(-[a-z0-9]+)*$" $port.port) (regexMatch "[a-z]" $port.port)) }}
[{{ $index }}].port: {{ $port.port | toJson | trunc 80 }} is not the name of a port; write a number without quotes, or a name of lower-case letters
{{- end }}
{{- else if or (lt $first 1) (gt $first 65535) (ne (print $port.port) (print $first)) }}
{{- if not (kindIs "invalid" $port.port) }}
[{{ $index }}].port: {{ $port.port | toJson | trunc 80 }} is not a port; write 1 to 65535, or a name
{{- end }}
{{- end }}
{{- if hasKey $port "endPort" }}
{{- $last := int $port.endPort }}
{{- if kindIs "invalid" $port.endPort }}
{{- else if not $first }}
[{{ $index }}].endPort: needs a number as port; write the first port of the range there
{{- else if or (lt $last 1) (gt $last 65535) (ne (print $port.endPort) (print $last)) }}
[{{ $index }}].endPort: {{ $port.endPort | toJson | trunc 80 }} is not a port; write {{ $first }} to 65535
{{- else if lt $last $first }}
[{{ $index }}].endPort: {{ $last }} is less than port {{ $first }}; write {{ $first }} or more, or remove endPort
{{- end }}
{{- end }}
{{- else }}
[{{ $index }}]: {{ $port | toJson | trunc 80 }} is not a map; write port and protocol
{{- end }}
{{- end }}
{{- else }}
: {{ . | toJson | trunc 80 }} is not a list; write each port after a hyphen
{{- end }}
{{- end -}}
