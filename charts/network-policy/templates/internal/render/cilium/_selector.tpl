{{/*
network-policy.internal.render.cilium.selector: a selector of endpoints.

A peer always asks for a namespace. A selector that says nothing about it means the policy's own namespace; and one that
only excludes also matches what is not a pod, before 1.19.

Input   podSelector         LabelSelector, or nil
        namespaceSelector   LabelSelector, or nil
        namespace           the namespace of pods without a namespaceSelector; absent for the pods of the policy
Output  matchLabels and matchExpressions
*/}}
{{- define "network-policy.internal.render.cilium.selector" -}}
{{- $place := "k8s:io.kubernetes.pod.namespace" }}
{{- $isPlaced := false }}
{{- $labels := dict }}
{{- $expressions := list }}
{{- with .namespaceSelector }}
{{- range $key, $value := .matchLabels }}
{{- $name := printf "k8s:io.cilium.k8s.namespace.labels.%s" $key }}
{{- if eq $key "kubernetes.io/metadata.name" }}
{{- $name = $place }}
{{- $isPlaced = true }}
{{- end }}
{{- $_ := set $labels $name $value }}
{{- end }}
{{- range .matchExpressions }}
{{- $name := printf "k8s:io.cilium.k8s.namespace.labels.%s" .key }}
{{- if eq .key "kubernetes.io/metadata.name" }}
{{- $name = $place }}
{{- $isPlaced = or $isPlaced (has .operator (list "In" "Exists")) }}
{{- end }}
{{- $expressions = append $expressions (dict "key" $name "operator" .operator "values" .values) }}
{{- end }}
{{- end }}
{{- if and (kindIs "map" .namespaceSelector) (not $isPlaced) }}
{{- $expressions = append $expressions (dict "key" $place "operator" "Exists") }}
{{- else if and .namespace (not (kindIs "map" .namespaceSelector)) }}
{{- $_ := set $labels $place .namespace }}
{{- end }}
{{- with .podSelector }}
{{- range $key, $value := .matchLabels }}
{{- if ne $value nil }}
{{- $_ := set $labels (printf "k8s:%s" $key) $value }}
{{- end }}
{{- end }}
{{- range .matchExpressions }}
{{- $expressions = append $expressions (dict "key" (printf "k8s:%s" .key) "operator" .operator "values" .values) }}
{{- end }}
{{- end }}
{{- template "network-policy.internal.render.selector" (dict "matchLabels" $labels "matchExpressions" $expressions) }}
{{- end -}}
