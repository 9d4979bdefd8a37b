{{/*
network-policy.internal.render.cilium.endpoints: the pods of a list of NetworkPolicyPeer.

Input   peers       list of peers; those with ipBlock are left out
        namespace   the namespace of the release
Output  elements of toEndpoints or fromEndpoints
*/}}
{{- define "network-policy.internal.render.cilium.endpoints" -}}
{{- $start := "- " }}
{{- range .peers }}
{{- if not .ipBlock }}
{{- $selector := dict "podSelector" .podSelector "namespaceSelector" .namespaceSelector "namespace" $.namespace }}
{{- $start }}{{ include "network-policy.internal.render.cilium.selector" $selector | indent 2 | trim }}
{{- $start = "\n- " }}
{{- end }}
{{- end }}
{{- end -}}
