{{/*
egress-policy.internal.probe-name: the name of one probing pod, at most 63 characters, as long as its host name may be.

Input   context   the root context
        role      control or subject
Output  the policy's name with `-probe` or `-probe-control` in the place of `-egress`. A name that is too long keeps its
        start, then a hash of the policy's name, and its end
*/}}
{{- define "egress-policy.internal.probe-name" -}}
{{- $policy := include "egress-policy.name" .context }}
{{- $end := eq .role "control" | ternary "-probe-control" "-probe" }}
{{- $start := trimSuffix "-egress" $policy }}
{{- $most := sub 63 (len $end) | int }}
{{- if gt (len $start) $most }}
{{- $start = printf "%s-%s" ($start | trunc (int (sub $most 9)) | trimAll "-.") ($policy | sha256sum | trunc 8) }}
{{- end }}
{{- print $start $end }}
{{- end -}}
