{{/*
network-policy.internal.check.ipblock: what is wrong with an ipBlock, but for arithmetic on its addresses.

Input   the ipBlock
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.ipblock" -}}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "cidr" "except" }}
.{{ $key }}: no such key; write cidr or except
{{- end }}
{{- if not (and (kindIs "string" .cidr) (contains "/" (toString .cidr))) }}
.cidr: {{ .cidr | toJson | trunc 80 }} is not a network; write one such as "203.0.113.0/24" or "2001:db8::/64"
{{- end }}
{{- if kindIs "slice" .except }}
{{- range $index, $cidr := .except }}
{{- if not (and (kindIs "string" $cidr) (contains "/" (toString $cidr))) }}
.except[{{ $index }}]: {{ $cidr | toJson | trunc 80 }} is not a network; write one inside cidr
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .except) }}
.except: {{ .except | toJson | trunc 80 }} is not a list; write each network after a hyphen
{{- end }}
{{- else }}
: {{ . | toJson | trunc 80 }} is not a map; write cidr below it
{{- end }}
{{- end -}}
