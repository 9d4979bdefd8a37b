{{/*
network-policy.ingress.caller: the rule for one caller.

Input   key      string, the name of the caller if it has no `name`
        caller   map   from: list of NetworkPolicyPeer; ports: list of NetworkPolicyPort, or allPorts: list of protocols;
                       optionally name, purpose, hosts, entities
Output  one element of spec.ingress under a comment with name and purpose
Fails   if the caller is not such a map: a rule without peers or ports would allow everything
*/}}
{{- define "network-policy.ingress.caller" -}}
{{- with include "network-policy.internal.check.named-rule" (dict "rule" .caller "peers" "from") }}
{{- fail (replace "\n" (printf "\n%s" $.key) .) }}
{{- end }}
{{- template "network-policy.internal.networkpolicy.render.named-rule" (dict "key" .key "rule" .caller "peers" "from") }}
{{- end -}}
