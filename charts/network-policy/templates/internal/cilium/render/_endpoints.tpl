{{/*
network-policy.internal.cilium.render.endpoints: the pods of a list of NetworkPolicyPeer.

Input   rule, peers, namespace   as network-policy.internal.cilium.render.rules; peers with ipBlock are left out
Output  elements of toEndpoints or fromEndpoints
*/}}
{{- define "network-policy.internal.cilium.render.endpoints" -}}
{{- $start := "- " }}
{{- range index .rule .peers }}
{{- if not .ipBlock }}
{{- $selector := dict "podSelector" .podSelector "namespaceSelector" .namespaceSelector "namespace" $.namespace }}
{{- $start }}{{ include "network-policy.internal.cilium.render.selector" $selector | indent 2 | trim }}
{{- $start = "\n- " }}
{{- end }}
{{- end }}
{{- end -}}
