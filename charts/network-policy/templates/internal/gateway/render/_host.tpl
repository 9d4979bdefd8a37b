{{/*
network-policy.internal.gateway.render.host: the objects of one host, from validated values.

Input   context   as network-policy.policy
        name      the host
        host      its settings
Output  YAML documents: ServiceEntry, Gateway, VirtualService and AuthorizationPolicy, or with a waypoint ServiceEntry
        and AuthorizationPolicy; with `tls: originate` also a DestinationRule, and with rateLimit an EnvoyFilter
Needs   network-policy.internal.gateway.check.values found nothing
*/}}
{{- define "network-policy.internal.gateway.render.host" -}}
{{- $own := dict "context" .context "name" .name "host" .host }}
{{- $_ := set $own "fullname" (include "network-policy.internal.render.second-name" (dict "context" .context "suffix" (include "network-policy.internal.gateway.render.label" .name))) }}
{{- $_ := set $own "isOriginated" (eq (toString .host.tls) "originate") }}
{{- $_ := set $own "port" (int .host.port) }}
{{- $waypoint := .context.Values.networkPolicy.gateway.waypoint }}
{{- $_ := set $own "gatewayPort" (int .context.Values.networkPolicy.gateway.port) }}
{{- if $waypoint }}
{{- $_ := set $own "labels" (dict "istio.io/use-waypoint" $waypoint) }}
{{- end }}
{{- template "network-policy.internal.gateway.render.service-entry" $own }}
{{- if $own.isOriginated }}
{{- template "network-policy.internal.gateway.render.origination" $own }}
{{- end }}
{{- if $waypoint }}
{{- template "network-policy.internal.gateway.render.waypoint-policy" $own }}
{{- else }}
{{- template "network-policy.internal.gateway.render.gateway" $own }}
{{- template "network-policy.internal.gateway.render.virtual-service" $own }}
{{- template "network-policy.internal.gateway.render.authorization-policy" $own }}
{{- if .host.rateLimit }}
{{- template "network-policy.internal.gateway.render.rate-limit" $own }}
{{- end }}
{{- end }}
{{- end -}}
