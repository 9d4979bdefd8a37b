{{/*
network-policy.egress.dependency: the rule for one dependency.

Input   key          string, names the dependency where it has no name of its own
        dependency   map   to: list of NetworkPolicyPeer; ports: list of NetworkPolicyPort, or allPorts: list of protocols;
                           optionally name, purpose, hosts
Output  one element of spec.egress under a comment with name and purpose
Fails   when the dependency is no such map: a rule without peers or ports would allow everything
*/}}
{{- define "network-policy.egress.dependency" -}}
{{- with include "network-policy.internal.check.dependency" .dependency }}
{{- fail (replace "\n" (printf "\n%s" $.key) .) }}
{{- end }}
{{- template "network-policy.internal.render.dependency-rule" . }}
{{- end -}}
