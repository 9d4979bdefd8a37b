{{/*
network-policy.internal.check.dialect: checks the shape of networkPolicy.dialect, and that its kind is known.

Input   the dialect, or nil for NetworkPolicy
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.dialect" -}}
{{- if kindIs "map" . }}
{{- $kind := .kind | default "NetworkPolicy" }}
{{- if not (has $kind (list "NetworkPolicy" "Cilium" "EKS" "GKE" "Istio" "Calico" "CalicoStaged")) }}
.kind: {{ $kind | toJson | trunc 80 }} is not a kind of policy; write NetworkPolicy, Cilium, EKS, GKE, Istio, Calico or CalicoStaged
{{- else }}
{{- $kinds := dict "version" (list "Cilium") "strictDns" (list "Cilium") "clusterDomain" (list "Cilium" "Istio") "gatewayNamespace" (list "Istio") "waypoint" (list "Istio") }}
{{- range $key, $value := omit . "kind" }}
{{- if not (hasKey $kinds $key) }}
.{{ $key }}: unknown key; write kind, version, strictDns, clusterDomain, gatewayNamespace or waypoint
{{- else if not (or (kindIs "invalid" $value) (has $kind (index $kinds $key))) }}
.{{ $key }}: belongs only to the kind {{ index $kinds $key | join " or " }}, but the kind is {{ $kind }}; write kind: {{ index $kinds $key | first }}, or remove {{ $key }}
{{- end }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write kind below it
{{- end }}
{{- end -}}
