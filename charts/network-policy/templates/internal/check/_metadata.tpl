{{/*
network-policy.internal.check.metadata: checks that labels and annotations leave the policy in the release.

Input   networkPolicy
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.metadata" -}}
{{- range $field := list "commonLabels" "commonAnnotations" }}
{{- range $key := include "network-policy.internal.check.unmanaged" $ | fromJsonArray }}
{{- if hasKey (index $ $field | default dict) $key }}
networkPolicy.{{ $field }}.{{ $key }}: takes the policy out of the release; remove it
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
