{{/*
egress-policy.internal.peer-words: a peer in words, for NOTES.txt.

Input   a NetworkPolicyPeer
Output  such as `pods app=web in namespaces team=shop`, `0.0.0.0/0 except 10.0.0.0/8`
*/}}
{{- define "egress-policy.internal.peer-words" -}}
{{- if .ipBlock }}
{{- .ipBlock.cidr }}
{{- with .ipBlock.except }} except {{ join ", " . }}
{{- end }}
{{- else }}
{{- $pods := include "egress-policy.internal.selector-words" (.podSelector | default dict) }}
{{- $namespaces := include "egress-policy.internal.selector-words" (.namespaceSelector | default dict) }}
{{- if $pods }}pods {{ $pods }}
{{- else }}every pod
{{- end }}
{{- if $namespaces }} in namespaces {{ $namespaces }}
{{- else if kindIs "map" .namespaceSelector }} in every namespace
{{- else }} in its own namespace
{{- end }}
{{- end }}
{{- end -}}
