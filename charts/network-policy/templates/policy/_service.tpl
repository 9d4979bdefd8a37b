{{/*
network-policy.policy.service: the NetworkPolicy of a chart that has no pods of its own and is installed once per service. Values
must say which service they are for: defaults would select no pod of it.

Input   the root context, or a dict as network-policy.policy takes it
Output  as network-policy.policy
Fails   as network-policy.policy; and where networkPolicy.release or networkPolicy.podSelector is missing, or the
        release has another name
*/}}
{{- define "network-policy.policy.service" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- template "network-policy.internal.check.service-validate" . }}
{{- end }}
{{- include "network-policy.policy" . }}
{{- end -}}
