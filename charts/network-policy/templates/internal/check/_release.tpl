{{/*
network-policy.internal.check.release: whether the values are for another namespace than the one they are rendered for.

Input   release     networkPolicy.release, or nil
        namespace   the namespace of the release; empty where it is not known
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.release" -}}
{{- $namespace := .namespace }}
{{- with .release }}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "name" "namespace" }}
.{{ $key }}: no such key; write name and namespace
{{- end }}
{{- range $key := list "name" "namespace" }}
{{- if not (and (kindIs "string" (index $.release $key)) (index $.release $key)) }}
.{{ $key }}: {{ index $.release $key | toJson | trunc 80 }} is not a name; write the {{ $key }} of the release
{{- end }}
{{- end }}
{{- if and $namespace (kindIs "string" .namespace) .namespace (ne .namespace $namespace) }}
.namespace: these values are for the namespace {{ .namespace }}, and a policy in {{ $namespace }} protects none of its pods; install with --namespace {{ .namespace }}, or write {{ $namespace }} in a further values file
{{- end }}
{{- else }}
: {{ . | toJson | trunc 80 }} is not a map; write name and namespace below it
{{- end }}
{{- else }}
{{- if not (kindIs "invalid" .release) }}
: {{ .release | toJson | trunc 80 }} is not a map; write name and namespace below it
{{- end }}
{{- end }}
{{- end -}}
