{{/*
network-policy.internal.words.peer: a peer in words, for NOTES.txt.

Input   a NetworkPolicyPeer
Output  for example `pods app=web in namespaces team=shop`, `0.0.0.0/0 except 10.0.0.0/8`
*/}}
{{- define "network-policy.internal.words.peer" -}}
{{- if .ipBlock }}
{{- .ipBlock.cidr }}
{{- with .ipBlock.except }} except {{ join ", " . }}
{{- end }}
{{- else }}
{{- $pods := include "network-policy.internal.words.selector" (.podSelector | default dict) }}
{{- $namespaces := include "network-policy.internal.words.selector" (.namespaceSelector | default dict) }}
{{- if $pods }}pods {{ $pods }}
{{- else }}every pod
{{- end }}
{{- if $namespaces }} in namespaces {{ $namespaces }}
{{- else if kindIs "map" .namespaceSelector }} in every namespace
{{- else }} in its own namespace
{{- end }}
{{- end }}
{{- end -}}
