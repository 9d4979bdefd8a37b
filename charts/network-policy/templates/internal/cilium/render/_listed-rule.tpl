{{/*
network-policy.internal.cilium.render.listed-rule: the rules for a dependency or caller in its place in the list.

A rule that several services of a batch share is rendered once; for pods of the release's own namespace, once for each
namespace.

Input   context     as network-policy.internal.cilium.render.policy
        key, peers  as network-policy.internal.cilium.render.named-rule
        rule        the same, or in a batch the name of one in `rules`
Output  as network-policy.internal.cilium.render.named-rule
*/}}
{{- define "network-policy.internal.cilium.render.listed-rule" -}}
{{- $namespace := .context.Release.Namespace }}
{{- if not (kindIs "string" .rule) }}
{{- template "network-policy.internal.cilium.render.named-rule" (dict "key" .key "rule" .rule "peers" .peers "namespace" $namespace) }}
{{- else }}
{{- $text := index .context.rules .rule }}
{{- if not $text }}
{{- $place := printf "rule %s/%s" $namespace .rule }}
{{- $text = index .context.cache $place }}
{{- if not $text }}
{{- $source := index .context.sources .rule }}
{{- $text = include "network-policy.internal.cilium.render.named-rule" (dict "key" $source.key "rule" $source.rule "peers" $source.peers "namespace" $namespace) }}
{{- $_ := set .context.cache $place $text }}
{{- end }}
{{- end }}
{{- $text }}
{{- end }}
{{- end -}}
