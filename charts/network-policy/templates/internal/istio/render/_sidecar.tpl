{{/*
network-policy.internal.istio.render.sidecar: the names that the sidecars of pods know: those of the cluster's Services,
and the hosts of the dependencies, where the gateway's namespace has ServiceEntries for them.

Input   as network-policy.internal.hosts.render.spec
Output  the spec of a Sidecar
*/}}
{{- define "network-policy.internal.istio.render.sidecar" -}}
{{- $dialect := .context.Values.networkPolicy.dialect }}
{{- if not .context.isNamespace -}}
workloadSelector:
  labels:
    {{- range $key, $value := (include "network-policy.policy.podselector" .context | fromYaml).matchLabels }}
    {{ template "network-policy.internal.render.string" $key }}: {{ template "network-policy.internal.render.string" $value }}
    {{- end }}
{{ end -}}
egress:
  - hosts:
      # Services of the cluster
      - {{ printf "*/*.svc.%s" ($dialect.clusterDomain | default "cluster.local") | include "network-policy.internal.render.string" }}
      {{- range $key, $dependency := .named }}
      {{- $rule := $dependency }}
      {{- if kindIs "string" $dependency }}
      {{- $rule = (index $.context.sources $dependency).rule }}
      {{- end }}
      # {{ template "network-policy.internal.render.comment" (dict "key" $key "rule" $rule) }}
      {{- range uniq $rule.hosts }}
      - {{ printf "%s/%s" $dialect.gatewayNamespace . | include "network-policy.internal.render.string" }}
      {{- end }}
      {{- end }}
{{- end -}}
