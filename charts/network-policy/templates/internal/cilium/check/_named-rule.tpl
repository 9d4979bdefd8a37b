{{/*
network-policy.internal.cilium.check.named-rule: checks a dependency or caller, which can have hosts or entities instead
of peers. Names cannot call: the hosts of a caller have no effect.

Input   rule      the dependency or caller
        peers     `to` or `from`
        dialect   networkPolicy.dialect
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.cilium.check.named-rule" -}}
{{- $hasHosts := and (eq .peers "to") (not (kindIs "invalid" .rule.hosts)) }}
{{- $hasEntities := not (kindIs "invalid" .rule.entities) }}
{{- if $hasHosts }}
{{- template "network-policy.internal.hosts.check.hosts" (dict "hosts" .rule.hosts "check" "network-policy.internal.cilium.check.host" "dialect" .dialect) }}
{{- end }}
{{- if $hasEntities }}
{{- if not (kindIs "slice" .rule.entities) }}
.entities: {{ .rule.entities | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if not .rule.entities }}
.entities: is empty; write at least one, or remove the key
{{- else }}
{{- range $index, $entity := .rule.entities }}
{{- if not (has $entity (list "kube-apiserver" "host" "remote-node")) }}
.entities[{{ $index }}]: {{ $entity | toJson | trunc 80 }} is not an entity; write kube-apiserver, host or remote-node
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if and $hasHosts $hasEntities }}
.entities: cannot be used with hosts; write two dependencies
{{- end }}
{{- $peers := index .rule .peers }}
{{- if not (or $hasHosts $hasEntities $peers) }}
: has no peer, which Cilium reads as everything; write {{ eq .peers "to" | ternary "hosts, entities or to" "entities or from" }} below it
{{- end }}
{{- template "network-policy.internal.check.named-rule" (dict "rule" .rule "peers" .peers "hasOther" true) }}
{{- with include "network-policy.internal.cilium.check.peers" $peers }}
{{- replace "\n" (print "\n." $.peers) . }}
{{- end }}
{{- with include "network-policy.internal.cilium.check.ports" (dict "ports" .rule.ports "dialect" .dialect) }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- end -}}
