{{/*
network-policy.internal.check.extras: what is wrong with networkPolicy.egress.

Input   the list of extra rules, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.extras" -}}
{{- if kindIs "slice" . }}
{{- range $index, $rule := . }}
{{- with include "network-policy.internal.check.extra" $rule }}
{{- replace "\n" (printf "\n[%d]" $index) . }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a list; write each rule after a hyphen
{{- end }}
{{- end -}}
