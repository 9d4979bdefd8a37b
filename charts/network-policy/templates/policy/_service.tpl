{{/*
network-policy.policy.service: the policy of a chart without pods that is installed once per service. The values
must name the service's release and pods: the defaults would select none of its pods.

Input   the root context, or a dict as network-policy.policy takes it
Output  as network-policy.policy
Fails   as network-policy.policy; also if networkPolicy.release or networkPolicy.podSelector is missing, or the
        release has another name
*/}}
{{- define "network-policy.policy.service" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- template "network-policy.internal.check.service-validate" . }}
{{- end }}
{{- include "network-policy.policy" . }}
{{- end -}}
