{{/*
network-policy.ingress: only the ingress list, for a chart with its own policy.

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  elements of spec.ingress: the callers sorted by key, then the extra rules. If there are none, `[]`, which denies
        all ingress. The caller must check networkPolicy.enabled and networkPolicy.policyTypes
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "network-policy.ingress" -}}
{{- template "network-policy.policy.validate" . }}
{{- template "network-policy.internal.render.ingress" . }}
{{- end -}}
