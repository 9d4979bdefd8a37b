{{/*
network-policy.internal.check.dialect: checks the shape of networkPolicy.dialect, and that its kind is known.

Input   the dialect, or nil for NetworkPolicy
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.dialect" -}}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "kind" "version" "strictDns" "clusterDomain" }}
.{{ $key }}: unknown key; write kind, version, strictDns or clusterDomain
{{- end }}
{{- if not (has (.kind | default "NetworkPolicy") (list "NetworkPolicy" "Cilium")) }}
.kind: {{ .kind | toJson | trunc 80 }} is not a kind of policy; write NetworkPolicy or Cilium
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write kind below it
{{- end }}
{{- end -}}
