{{/*
network-policy.internal.cilium.render.selector: a selector of endpoints.

A peer always asks for the label of a namespace. A selector without it means the policy's own namespace, before 1.19
even one with labels of namespaces; and one that only excludes also matches what is not a pod.

Input   podSelector         LabelSelector, or nil; a null label counts as absent
        namespaceSelector   LabelSelector, or nil
        namespace           the namespace of pods without a namespaceSelector; absent for the pods of the policy
Output  matchLabels and matchExpressions, the namespace first
*/}}
{{- define "network-policy.internal.cilium.render.selector" -}}
{{- $isPlaced := false }}
{{- $start := "matchLabels:\n  " }}
{{- if kindIs "map" .namespaceSelector }}
{{- range $key, $value := .namespaceSelector.matchLabels }}
{{- $start }}{{ if eq $key "kubernetes.io/metadata.name" }}{{ $isPlaced = true }}k8s:io.kubernetes.pod.namespace{{ else }}{{ template "network-policy.internal.cilium.render.key" (print "io.cilium.k8s.namespace.labels." $key) }}{{ end }}: {{ template "network-policy.internal.render.string" $value }}
{{- $start = "\n  " }}
{{- end }}
{{- else if .namespace }}
{{- $isPlaced = true }}
{{- $start }}k8s:io.kubernetes.pod.namespace: {{ template "network-policy.internal.render.string" .namespace }}
{{- $start = "\n  " }}
{{- else }}
{{- $isPlaced = true }}
{{- end }}
{{- with .podSelector }}
{{- range $key, $value := .matchLabels }}
{{- if ne $value nil }}
{{- $start }}{{ template "network-policy.internal.cilium.render.key" $key }}: {{ template "network-policy.internal.render.string" $value }}
{{- $start = "\n  " }}
{{- end }}
{{- end }}
{{- end }}
{{- $start = eq $start "\n  " | ternary "\nmatchExpressions:\n  - " "matchExpressions:\n  - " }}
{{- with .namespaceSelector }}
{{- range .matchExpressions }}
{{- $start }}key: {{ if eq .key "kubernetes.io/metadata.name" }}{{ $isPlaced = has .operator (list "In" "Exists") | or $isPlaced }}k8s:io.kubernetes.pod.namespace{{ else }}{{ template "network-policy.internal.cilium.render.key" (print "io.cilium.k8s.namespace.labels." .key) }}{{ end }}
    {{- include "network-policy.internal.cilium.render.requirement" . | nindent 4 }}
{{- $start = "\n  - " }}
{{- end }}
{{- end }}
{{- if not $isPlaced }}
{{- $start }}key: k8s:io.kubernetes.pod.namespace
    operator: Exists
{{- $start = "\n  - " }}
{{- end }}
{{- with .podSelector }}
{{- range .matchExpressions }}
{{- $start }}key: {{ template "network-policy.internal.cilium.render.key" .key }}
    {{- include "network-policy.internal.cilium.render.requirement" . | nindent 4 }}
{{- $start = "\n  - " }}
{{- end }}
{{- end }}
{{- end -}}
