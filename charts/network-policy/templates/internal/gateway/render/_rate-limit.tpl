{{/*
network-policy.internal.gateway.render.rate-limit: limits the requests to a host that each pod of the gateway passes on;
it answers further ones with 429.

Source: istio.io, "Enabling Rate Limits using Envoy", local rate limit. The connections with this server name have an
HTTP connection manager of their own, so the bucket of its filter is for this host alone.

Input   as network-policy.internal.gateway.render.host gives it
Output  a YAML document
*/}}
{{- define "network-policy.internal.gateway.render.rate-limit" -}}
{{- $limit := .host.rateLimit }}
{{- $seconds := dict "second" 1 "minute" 60 "hour" 3600 }}
{{- template "network-policy.internal.gateway.render.object" (dict "context" .context "apiVersion" "networking.istio.io/v1alpha3" "kind" "EnvoyFilter" "fullname" .fullname) }}
  workloadSelector:
    labels:
      {{- include "network-policy.internal.render.strings" .context.Values.networkPolicy.gateway.podSelector | nindent 6 }}
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: GATEWAY
        listener:
          filterChain:
            sni: {{ template "network-policy.internal.render.string" .name }}
            filter:
              name: envoy.filters.network.http_connection_manager
              subFilter:
                name: envoy.filters.http.router
      patch:
        operation: INSERT_BEFORE
        value:
          name: envoy.filters.http.local_ratelimit
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
            stat_prefix: {{ template "network-policy.internal.render.string" .fullname }}
            token_bucket:
              max_tokens: {{ int $limit.requests }}
              tokens_per_fill: {{ int $limit.requests }}
              fill_interval: {{ index $seconds $limit.per }}s
            filter_enabled:
              default_value:
                numerator: 100
            filter_enforced:
              default_value:
                numerator: 100
{{ end -}}
