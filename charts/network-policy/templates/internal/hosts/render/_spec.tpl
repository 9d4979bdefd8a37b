{{/*
network-policy.internal.hosts.render.spec: a policy with a rule for each dependency with hosts.

Input   context, dialect, policyTypes   as network-policy.internal.hosts.render.policies
        named   map of key to a dependency with hosts
Output  the spec of the policy
*/}}
{{- define "network-policy.internal.hosts.render.spec" -}}
{{- if .context.isNamespace -}}
podSelector: {}
{{- else -}}
podSelector:
  {{- include "network-policy.policy.podselector" .context | nindent 2 }}
{{- end }}
{{- if .policyTypes }}
policyTypes:
  {{- range .policyTypes }}
  - {{ . }}
  {{- end }}
{{- end }}
egress:
  {{- $define := printf "network-policy.internal.%s.render.named-rule" .dialect }}
  {{- range $key, $dependency := .named }}
  {{- if kindIs "string" $dependency }}
  {{- index $.context.rules $dependency | nindent 2 }}
  {{- else }}
  {{- include $define (dict "key" $key "rule" $dependency "peers" "to") | nindent 2 }}
  {{- end }}
  {{- end }}
{{- end -}}
