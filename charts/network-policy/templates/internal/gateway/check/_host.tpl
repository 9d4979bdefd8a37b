{{/*
network-policy.internal.gateway.check.host: checks a host and its settings. No clients would be all of them, and a limit
of requests needs a gateway that sees requests.

Input   name      the host
        host      its settings
        gateway   networkPolicy.gateway, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.gateway.check.host" -}}
{{- $domain := (kindIs "map" .gateway | ternary .gateway dict).clusterDomain }}
{{- $given := dict "host" .name "dialect" (dict "kind" "Istio" "clusterDomain" $domain) }}
{{- template "network-policy.internal.hosts.check.host" $given }}
{{- template "network-policy.internal.istio.check.host" $given }}
{{- if not (kindIs "map" .host) }}
: {{ .host | toJson | trunc 80 }} is not a map; write port and clients below it
{{- else }}
{{- $known := list "port" "clients" "tls" "rateLimit" }}
{{- range $key, $_ := .host }}
{{- if not (has $key $known) }}
.{{ $key }}: unknown key; write {{ join ", " (initial $known) }} or {{ last $known }}
{{- end }}
{{- end }}
{{- $modes := list "passthrough" "originate" }}
{{- if not (or (kindIs "invalid" .host.tls) (has .host.tls $modes)) }}
.tls: {{ .host.tls | toJson | trunc 80 }} is not a way to reach the host; write {{ join " or " $modes }}
{{- end }}
{{- $isOriginated := eq (toString .host.tls) "originate" }}
{{- with include "network-policy.internal.gateway.check.port" .host.port }}
{{- replace "\n" "\n.port" . }}
{{- else }}
{{- if and $isOriginated (eq (int .host.port) 443) }}
.port: is the port to which the gateway opens TLS, and clients speak plain HTTP; write their port, such as 80
{{- end }}
{{- end }}
{{- if not (kindIs "slice" .host.clients) }}
.clients: {{ .host.clients | toJson | trunc 80 }} is not a list; write each namespace or service account after a hyphen
{{- else }}
{{- range $index, $client := .host.clients }}
{{- if not (and (kindIs "string" $client) (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(/[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$" (toString $client)) (le (len (toString $client | splitList "/" | last)) 253)) }}
.clients[{{ $index }}]: {{ $client | toJson | trunc 80 }} is not a namespace or service account; write NAMESPACE or NAMESPACE/SERVICE-ACCOUNT
{{- end }}
{{- else }}
.clients: is empty, which Istio reads as every namespace; write at least one namespace
{{- end }}
{{- end }}
{{- if not (kindIs "invalid" .host.rateLimit) }}
{{- if not $isOriginated }}
.rateLimit: needs tls: originate, because the gateway sees no requests inside TLS; write tls: originate, or remove it
{{- end }}
{{- if (kindIs "map" .gateway | ternary .gateway dict).waypoint }}
.rateLimit: cannot be used with a waypoint: Istio has no limit of requests for it; remove it
{{- end }}
{{- with include "network-policy.internal.gateway.check.rate-limit" .host.rateLimit }}
{{- replace "\n" "\n.rateLimit" . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
