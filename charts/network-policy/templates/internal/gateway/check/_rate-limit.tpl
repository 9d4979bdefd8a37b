{{/*
network-policy.internal.gateway.check.rate-limit: checks a limit of requests.

Input   rateLimit of a host
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.gateway.check.rate-limit" -}}
{{- if not (kindIs "map" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write requests and per below it
{{- else }}
{{- range $key, $_ := omit . "requests" "per" }}
.{{ $key }}: unknown key; write requests or per
{{- end }}
{{- $requests := has (kindOf .requests) (list "int" "int64" "float64") | ternary (int .requests) 0 }}
{{- if or (lt $requests 1) (gt $requests 1000000000) (ne (float64 .requests) (float64 $requests)) }}
.requests: {{ .requests | toJson | trunc 80 }} is not a number of requests; write 1 to 1000000000
{{- end }}
{{- if not (has .per (list "second" "minute" "hour")) }}
.per: {{ .per | toJson | trunc 80 }} is not a unit of time; write second, minute or hour
{{- end }}
{{- end }}
{{- end -}}
