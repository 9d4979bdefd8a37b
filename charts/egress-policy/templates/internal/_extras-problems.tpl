{{/*
egress-policy.internal.extras-problems: what is wrong with networkPolicy.egress.

Input   the list of extra rules, or nil
Output  as egress-policy.internal.problems
*/}}
{{- define "egress-policy.internal.extras-problems" -}}
{{- if kindIs "slice" . }}
{{- range $index, $rule := . }}
{{- with include "egress-policy.internal.extra-problems" $rule }}
{{- replace "\n" (printf "\n[%d]" $index) . }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a list; write each rule after a hyphen
{{- end }}
{{- end -}}
