{{/*
network-policy.egress.dependency: the rule for one dependency.

Input   key          string, the name of the dependency if it has no `name`
        dependency   map   to: list of NetworkPolicyPeer; ports: list of NetworkPolicyPort, or allPorts: list of
                           protocols; optionally name, purpose, hosts, entities
Output  one element of spec.egress under a comment with name and purpose
Fails   if the dependency is not such a map: a rule without peers or ports would allow everything
*/}}
{{- define "network-policy.egress.dependency" -}}
{{- with include "network-policy.internal.check.named-rule" (dict "rule" .dependency "peers" "to") }}
{{- fail (replace "\n" (printf "\n%s" $.key) .) }}
{{- end }}
{{- template "network-policy.internal.networkpolicy.render.named-rule" (dict "key" .key "rule" .dependency "peers" "to") }}
{{- end -}}
