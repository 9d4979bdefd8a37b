{{/*
network-policy.egress: the egress list alone, for a chart that writes its own policy.

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  elements of spec.egress: DNS, then the dependencies sorted by key, then the extra rules; `[]`
        where there are none of them, which isolates the pods. networkPolicy.enabled is the caller's to read
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "network-policy.egress" -}}
{{- template "network-policy.policy.validate" . }}
{{- template "network-policy.internal.render.egress" . }}
{{- end -}}
