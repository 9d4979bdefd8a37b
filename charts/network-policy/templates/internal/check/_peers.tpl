{{/*
network-policy.internal.check.peers: checks that there is at least one peer, and that each one selects something.

Input   the list
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.peers" -}}
{{- range $index, $peer := . }}
{{- range $key, $_ := omit $peer "namespaceSelector" "podSelector" "ipBlock" }}
[{{ $index }}].{{ $key }}: unknown key; write podSelector, namespaceSelector or ipBlock
{{- end }}
{{- /* Helm removes no null from what is in a list. */}}
{{- range $field := list "namespaceSelector" "podSelector" }}
{{- $selector := index $peer $field }}
{{- if kindIs "map" $selector }}
{{- range $part, $value := $selector }}
{{- if kindIs "invalid" $value }}
[{{ $index }}].{{ $field }}.{{ $part }}: is null, which Kubernetes reads as any labels; write labels, or remove the key
{{- end }}
{{- end }}
{{- else if and (kindIs "invalid" $selector) (hasKey $peer $field) (gt (len $peer) 1) }}
[{{ $index }}].{{ $field }}: is null, which Kubernetes reads as if it were absent; write labels, or remove the key
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.selector" $peer.namespaceSelector }}
{{- replace "\n" (printf "\n[%d].namespaceSelector" $index) . }}
{{- end }}
{{- with include "network-policy.internal.check.selector" $peer.podSelector }}
{{- replace "\n" (printf "\n[%d].podSelector" $index) . }}
{{- end }}
{{- /* The first test is cheap and decides most cases. An empty selector is falsy but present. */}}
{{- if or $peer.ipBlock (not (or $peer.namespaceSelector $peer.podSelector)) }}
{{- $selects := or (kindIs "map" $peer.namespaceSelector) (kindIs "map" $peer.podSelector) }}
{{- with $peer.ipBlock }}
{{- if $selects }}
[{{ $index }}].ipBlock: cannot be used with podSelector or namespaceSelector; write it as its own peer
{{- end }}
{{- range $key, $_ := omit . "cidr" "except" }}
[{{ $index }}].ipBlock.{{ $key }}: unknown key; write cidr or except
{{- end }}
{{- if and (hasKey . "except") (not (kindIs "slice" .except)) }}
[{{ $index }}].ipBlock.except: {{ .except | toJson | trunc 80 }} is not a list; write each network after a hyphen
{{- end }}
{{- else }}
{{- if not $selects }}
[{{ $index }}]: selects nothing; write podSelector, namespaceSelector or ipBlock
{{- end }}
{{- end }}
{{- end }}
{{- else }}
: has no peer, which Kubernetes reads as everything; write at least one peer (every address is 0.0.0.0/0 and ::/0)
{{- end }}
{{- end -}}
