{{/*
network-policy.internal.cilium.render.named-rule: the rules for one dependency or caller, from validated values.

Input   key         string, the name of the rule if it has no `name`
        rule        as the dependency of network-policy.egress.dependency, or the caller of
                    network-policy.ingress.caller; or with hosts or entities instead of peers
        peers       `to` or `from`
        namespace   the namespace of the release; absent for a rule that services of several namespaces share
Output  elements of spec.egress or spec.ingress, each with a comment: one for each kind of peer, because Cilium takes
        only one kind in a rule. Nothing if the rule depends on the namespace and there is none
Needs   network-policy.internal.cilium.check.named-rule found nothing
*/}}
{{- define "network-policy.internal.cilium.render.named-rule" -}}
{{- $isOwn := false }}
{{- if not .namespace }}
{{- range index .rule .peers }}
{{- if not (or .ipBlock (kindIs "map" .namespaceSelector)) }}
{{- $isOwn = true }}
{{- end }}
{{- end }}
{{- end }}
{{- if not $isOwn }}
{{- $ports := include "network-policy.internal.cilium.render.ports" (dict "rule" .rule) }}
{{- template "network-policy.internal.cilium.render.rules" (dict "comment" (include "network-policy.internal.render.comment" .) "rule" .rule "peers" .peers "namespace" .namespace "ports" $ports) }}
{{- end }}
{{- end -}}
