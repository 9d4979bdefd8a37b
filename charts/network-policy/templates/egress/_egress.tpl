{{/*
network-policy.egress: only the egress list, for a chart with its own policy.

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  elements of spec.egress: DNS, then the dependencies sorted by key, then the extra rules. If
        there are none, `[]`, which denies all egress. The caller must check networkPolicy.enabled
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "network-policy.egress" -}}
{{- template "network-policy.policy.validate" . }}
{{- template "network-policy.internal.render.egress" . }}
{{- end -}}
