{{/*
network-policy.internal.check.peers: what is wrong with a list of peers that must name at least one.

Input   the list
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.peers" -}}
{{- if kindIs "slice" . }}
{{- range $index, $peer := . }}
{{- if kindIs "map" $peer }}
{{- range $key, $_ := omit $peer "namespaceSelector" "podSelector" "ipBlock" }}
[{{ $index }}].{{ $key }}: no such key; write podSelector, namespaceSelector or ipBlock
{{- end }}
{{- with include "network-policy.internal.check.selector" $peer.namespaceSelector }}
{{- replace "\n" (printf "\n[%d].namespaceSelector" $index) . }}
{{- end }}
{{- with include "network-policy.internal.check.selector" $peer.podSelector }}
{{- replace "\n" (printf "\n[%d].podSelector" $index) . }}
{{- end }}
{{- /* The first test costs little and settles nearly all; an empty selector is falsy, and yet it is there. */}}
{{- if or $peer.ipBlock (not (or $peer.namespaceSelector $peer.podSelector)) }}
{{- $selects := or (kindIs "map" $peer.namespaceSelector) (kindIs "map" $peer.podSelector) }}
{{- if kindIs "invalid" $peer.ipBlock }}
{{- if not $selects }}
[{{ $index }}]: selects nothing; write podSelector, namespaceSelector or ipBlock
{{- end }}
{{- else }}
{{- if $selects }}
[{{ $index }}].ipBlock: excludes podSelector and namespaceSelector; write it as a peer of its own
{{- end }}
{{- with include "network-policy.internal.check.ipblock" $peer.ipBlock }}
{{- replace "\n" (printf "\n[%d].ipBlock" $index) . }}
{{- end }}
{{- end }}
{{- end }}
{{- else }}
[{{ $index }}]: {{ $peer | toJson | trunc 80 }} is not a peer; write podSelector, namespaceSelector or ipBlock
{{- end }}
{{- else }}
: names nothing to reach, and Kubernetes reads that as everything; write at least one peer (every address is 0.0.0.0/0 and ::/0)
{{- end }}
{{- else if kindIs "invalid" . }}
: is missing, and Kubernetes reads that as everything; write at least one peer (every address is 0.0.0.0/0 and ::/0)
{{- else }}
: {{ . | toJson | trunc 80 }} is not a list; write each peer after a hyphen
{{- end }}
{{- end -}}
