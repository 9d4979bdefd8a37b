{{/*
network-policy.ingress: only the ingress list, for a chart with its own policy.

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  elements of spec.ingress: the callers sorted by key, then the extra rules. If there are none, `[]`, which denies
        all ingress. The caller must check networkPolicy.enabled and networkPolicy.policyTypes
Fails   with every problem of the values, before anything is rendered; also in another dialect than NetworkPolicy
*/}}
{{- define "network-policy.ingress" -}}
{{- template "network-policy.policy.validate" . }}
{{- if ne (include "network-policy.internal.render.dialect" .) "networkpolicy" }}
{{- fail (printf "\nnetworkPolicy.dialect.kind: %s needs more than this list; include network-policy.policy, or write NetworkPolicy" .Values.networkPolicy.dialect.kind) }}
{{- end }}
{{- template "network-policy.internal.networkpolicy.render.ingress" . }}
{{- end -}}
