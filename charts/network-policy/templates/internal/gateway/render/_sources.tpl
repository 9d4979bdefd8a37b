{{/*
network-policy.internal.gateway.render.sources: clients, as sources of an AuthorizationPolicy. Istio reads the trust
domain `cluster.local` as that of the mesh.

Input   clients    list of namespaces, and of service accounts as NAMESPACE/NAME
        isInverse  true: everybody but the clients
Output  the list under `from`
*/}}
{{- define "network-policy.internal.gateway.render.sources" -}}
{{- $namespaces := list }}
{{- $accounts := list }}
{{- range uniq .clients | sortAlpha }}
{{- if contains "/" . }}
{{- $parts := splitList "/" . }}
{{- $accounts = append $accounts (printf "cluster.local/ns/%s/sa/%s" (first $parts) (last $parts)) }}
{{- else }}
{{- $namespaces = append $namespaces . }}
{{- end }}
{{- end }}
{{- if .isInverse -}}
- source:
    {{- with $namespaces }}
    notNamespaces:
      {{- range . }}
      - {{ template "network-policy.internal.render.string" . }}
      {{- end }}
    {{- end }}
    {{- with $accounts }}
    notPrincipals:
      {{- range . }}
      - {{ template "network-policy.internal.render.string" . }}
      {{- end }}
    {{- end }}
{{- else -}}
{{- with $namespaces -}}
- source:
    namespaces:
      {{- range . }}
      - {{ template "network-policy.internal.render.string" . }}
      {{- end }}
{{- end }}
{{- with $accounts }}
{{- if $namespaces }}
{{ end -}}
- source:
    principals:
      {{- range . }}
      - {{ template "network-policy.internal.render.string" . }}
      {{- end }}
{{- end }}
{{- end }}
{{- end -}}
