{{/*
network-policy.internal.cilium.render.ingress: the ingress list of one service, from validated values.

Input   as network-policy.internal.cilium.render.policy
Output  elements of spec.ingress: the callers sorted by key. An empty rule if there are none, which denies all ingress
*/}}
{{- define "network-policy.internal.cilium.render.ingress" -}}
{{- $isEmpty := true }}
{{- range $key, $caller := .Values.networkPolicy.callers }}
{{- /* A later values file removes a caller with null, and Helm may leave the null in place. */}}
{{- if $caller }}
{{- $isEmpty = false }}
{{ template "network-policy.internal.cilium.render.listed-rule" (dict "context" $ "key" $key "rule" $caller "peers" "from") }}
{{- end }}
{{- end }}
{{- if $isEmpty }}
- {}
{{- end }}
{{- end -}}
