{{/*
network-policy.internal.check.strict-ports: checks ports for kinds of policy of which the API server checks less than of
a NetworkPolicy.

Input   list, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.strict-ports" -}}
{{- range $index, $port := . }}
{{- $number := int $port.port }}
{{- $isNumber := and (not (kindIs "string" $port.port)) (ge $number 1) (le $number 65535) (eq (print $port.port) (print $number)) }}
{{- if not (kindIs "invalid" $port.port) }}
{{- $isName := and (kindIs "string" $port.port) (regexMatch "^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$" (toString $port.port)) (le (len (toString $port.port)) 15) }}
{{- if not (or $isNumber $isName) }}
[{{ $index }}].port: {{ $port.port | toJson | trunc 80 }} is not a port; write 1 to 65535, or the name of a container port
{{- end }}
{{- end }}
{{- if not (kindIs "invalid" $port.endPort) }}
{{- $end := int $port.endPort }}
{{- if not (and $isNumber (not (kindIs "string" $port.endPort)) (ge $end $number) (le $end 65535) (eq (print $port.endPort) (print $end))) }}
[{{ $index }}].endPort: {{ $port.endPort | toJson | trunc 80 }} is not a last port; write a number from port to 65535, with a number as port
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
