{{/*
network-policy.internal.cilium.render.dns-rule: the DNS rules of a profile, from validated values: the pods, addresses
and ports of network-policy.internal.networkpolicy.render.dns-rule.

Input   dns         networkPolicy.dns, or nil
        names       list of the names that pods can ask for, which Cilium's DNS proxy then reads; empty without the
                    proxy
        namespace   the namespace of the release
        cache       in a batch, the map of network-policy.internal.cilium.render.policy
Output  elements of spec.egress, each with a comment; only the comment for the profile none
*/}}
{{- define "network-policy.internal.cilium.render.dns-rule" -}}
{{- $profile := (.dns | default dict).profile | default "kube-dns" }}
{{- $cache := .cache }}
{{- if kindIs "invalid" $cache }}
{{- $cache = dict }}
{{- end }}
{{- $place := printf "dns %s" (list .dns .names (eq $profile "custom" | ternary .namespace "") | toJson) }}
{{- if not (hasKey $cache $place) }}
{{- $text := printf "# DNS: %s" $profile }}
{{- range include "network-policy.internal.networkpolicy.render.dns-rule" .dns | fromYamlArray }}
{{- $ports := include "network-policy.internal.cilium.render.ports" (dict "rule" . "names" $.names) }}
{{- $text = include "network-policy.internal.cilium.render.rules" (dict "comment" (printf "DNS: %s" $profile) "rule" . "peers" "to" "namespace" $.namespace "ports" $ports) }}
{{- end }}
{{- $_ := set $cache $place $text }}
{{- end }}
{{- index $cache $place }}
{{- end -}}
