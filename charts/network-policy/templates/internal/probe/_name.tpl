{{/*
network-policy.internal.probe.name: the name of one probe pod, at most 63 characters, the limit for its host name.

Input   context   the root context
        role      control or subject
Output  the policy's name and `-probe` or `-probe-control`. A name that is too long is shortened, with a hash of the
        policy's name before the suffix
*/}}
{{- define "network-policy.internal.probe.name" -}}
{{- $policy := include "network-policy.policy.name" .context }}
{{- $end := eq .role "control" | ternary "-probe-control" "-probe" }}
{{- $start := $policy }}
{{- $most := sub 63 (len $end) | int }}
{{- if gt (len $start) $most }}
{{- $start = printf "%s-%s" ($start | trunc (int (sub $most 9)) | trimAll "-.") ($policy | sha256sum | trunc 8) }}
{{- end }}
{{- print $start $end }}
{{- end -}}
