{{/*
network-policy.internal.gateway.render.label: a host in the names of its objects, and as a subset of the gateway's
Service. Istio takes no dots in these, and `a-b.example` must not be `a.b.example`, so a host with hyphens gets a hash.

Input   the host
Output  a DNS label
*/}}
{{- define "network-policy.internal.gateway.render.label" -}}
{{- $name := replace "." "-" . }}
{{- if or (contains "-" .) (gt (len .) 63) }}
{{- $name = printf "%s-%s" ($name | trunc 54 | trimAll "-") (sha256sum . | trunc 8) }}
{{- end }}
{{- $name }}
{{- end -}}
