{{/*
network-policy.internal.gateway.check.gateway: checks where the gateway is. An empty podSelector would make a gateway of
every pod.

Input   networkPolicy.gateway, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.gateway.check.gateway" -}}
{{- $waypoint := (kindIs "map" . | ternary . dict).waypoint }}
{{- $known := empty $waypoint | ternary (list "service" "podSelector" "port" "clusterDomain") (list "waypoint" "clusterDomain") }}
{{- if not (kindIs "map" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write {{ join ", " (initial $known) }} and {{ last $known }} below it
{{- else }}
{{- range $key, $value := . }}
{{- if not (or (has $key $known) (and (kindIs "invalid" $value) (has $key (list "service" "podSelector" "port" "waypoint")))) }}
.{{ $key }}: unknown key; write {{ join ", " (initial $known) }} or {{ last $known }}
{{- end }}
{{- end }}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$" (toString (kindIs "string" .clusterDomain | ternary .clusterDomain ""))) }}
.clusterDomain: {{ .clusterDomain | toJson | trunc 80 }} is not a domain; write the DNS domain of the cluster, such as cluster.local
{{- end }}
{{- if $waypoint }}
{{- if or (eq (toString $waypoint) "none") (not (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" (toString $waypoint))) }}
.waypoint: {{ $waypoint | toJson | trunc 80 }} is not the name of a Gateway; write that of the waypoint
{{- end }}
{{- else }}
{{- if not (and (kindIs "string" .service) (regexMatch "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" (toString .service))) }}
.service: {{ .service | toJson | trunc 80 }} is not the name of a Service; write that of the gateway
{{- end }}
{{- with include "network-policy.internal.gateway.check.port" .port }}
{{- replace "\n" "\n.port" . }}
{{- end }}
{{- if not (kindIs "map" .podSelector) }}
.podSelector: {{ .podSelector | toJson | trunc 80 }} is not a map; write a label and its value on each line
{{- else }}
{{- $selector := dict "matchLabels" .podSelector }}
{{- with include "network-policy.internal.check.selector" $selector | default (include "network-policy.internal.check.strict-selector" (dict "selector" $selector)) }}
{{- replace "\n.matchLabels" "\n.podSelector" . }}
{{- else }}
{{- if not .podSelector }}
.podSelector: is empty, which selects every pod; write labels that only the pods of the gateway have
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
