{{/*
network-policy.internal.check.cilium.named-rule: checks a dependency or caller, which can have hosts or entities instead
of peers. Names cannot call: the hosts of a caller have no effect.

Input   rule      the dependency or caller
        peers     `to` or `from`
        dialect   networkPolicy.dialect
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.cilium.named-rule" -}}
{{- $others := eq .peers "to" | ternary (list "hosts" "entities") (list "entities") }}
{{- $found := list }}
{{- range $key := $others }}
{{- $items := index $.rule $key }}
{{- if not (kindIs "invalid" $items) }}
{{- $found = append $found $key }}
{{- if not (kindIs "slice" $items) }}
.{{ $key }}: {{ $items | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if not $items }}
.{{ $key }}: is empty; write at least one, or remove the key
{{- else if eq $key "hosts" }}
{{- range $index, $host := $items }}
{{- with include "network-policy.internal.check.cilium.host" (dict "host" $host "dialect" $.dialect) }}
{{- replace "\n" (printf "\n.hosts[%d]" $index) . }}
{{- end }}
{{- end }}
{{- else }}
{{- range $index, $entity := $items }}
{{- if not (has $entity (list "kube-apiserver" "host" "remote-node")) }}
.entities[{{ $index }}]: {{ $entity | toJson | trunc 80 }} is not an entity; write kube-apiserver, host or remote-node
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if eq (len $found) 2 }}
.entities: cannot be used with hosts; write two dependencies
{{- end }}
{{- $peers := index .rule .peers }}
{{- if not (or $found $peers) }}
: has no peer, which Cilium reads as everything; write {{ join ", " $others }} or {{ .peers }} below it
{{- end }}
{{- template "network-policy.internal.check.named-rule" (dict "rule" .rule "peers" .peers "hasOther" true) }}
{{- with include "network-policy.internal.check.cilium.peers" $peers }}
{{- replace "\n" (print "\n." $.peers) . }}
{{- end }}
{{- with include "network-policy.internal.check.cilium.ports" (dict "ports" .rule.ports "dialect" .dialect) }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- end -}}
