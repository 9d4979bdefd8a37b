{{/*
network-policy.internal.calico.render.ends: the peers of a rule, each as the fields of one end.

Calico takes networks of one family in a rule, at most 256, and reads a selector without a namespaceSelector as one in
the policy's own namespace.

Input   rule    map with entities, or with peers
        peers   `to` or `from`
Output  JSON: a list of texts
*/}}
{{- define "network-policy.internal.calico.render.ends" -}}
{{- $ends := list }}
{{- $networks := dict "4" list "6" list }}
{{- if and .rule.entities (eq .peers "to") }}
{{- $ends = list "services:\n  name: kubernetes\n  namespace: default" }}
{{- else }}
{{- range index .rule .peers }}
{{- if .ipBlock }}
{{- if .ipBlock.except }}
{{- $except := list }}
{{- range .ipBlock.except }}
{{- $except = append $except (include "network-policy.internal.render.string" .) }}
{{- end }}
{{- $ends = append $ends (printf "nets:\n  - %s\nnotNets:\n  - %s" (include "network-policy.internal.render.string" .ipBlock.cidr) (join "\n  - " (uniq $except))) }}
{{- else }}
{{- $family := contains ":" .ipBlock.cidr | ternary "6" "4" }}
{{- $_ := set $networks $family (append (index $networks $family) (include "network-policy.internal.render.string" .ipBlock.cidr)) }}
{{- end }}
{{- else }}
{{- $fields := list }}
{{- if kindIs "map" .namespaceSelector }}
{{- $fields = append $fields (printf "namespaceSelector: %s" (include "network-policy.internal.calico.render.selector" .namespaceSelector | include "network-policy.internal.calico.render.scalar")) }}
{{- end }}
{{- $fields = append $fields (printf "selector: %s" (include "network-policy.internal.calico.render.pods" .podSelector | include "network-policy.internal.calico.render.scalar")) }}
{{- $ends = append $ends (join "\n" $fields) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $held := $networks }}
{{- range chunk 256 (uniq $held) }}
{{- $ends = append $ends (printf "nets:\n  - %s" (join "\n  - " .)) }}
{{- end }}
{{- end }}
{{- toJson $ends }}
{{- end -}}
