{{/*
egress-policy.service: the NetworkPolicy of a chart that has no pods of its own and is installed once per service. Values
must say which service they are for: defaults would select no pod of it.

Input   the root context, or a dict as egress-policy.networkpolicy takes it
Output  as egress-policy.networkpolicy
Fails   as egress-policy.networkpolicy; and where networkPolicy.release or networkPolicy.podSelector is missing, or the
        release has another name
*/}}
{{- define "egress-policy.service" -}}
{{- if include "egress-policy.internal.enabled" . }}
{{- template "egress-policy.internal.service-validate" . }}
{{- end }}
{{- include "egress-policy.networkpolicy" . }}
{{- end -}}
