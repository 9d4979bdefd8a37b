{{/*
network-policy.internal.render.policy: the policy of one service or namespace in its dialect, from validated values.

Input   as network-policy.policy; optionally also
        isNamespace   true: for every pod of the namespace
        isOptIn       true: for pods that opt in to more than their namespace, whose policy says how they reach DNS
Output  as network-policy.policy
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.render.policy" -}}
{{- include (printf "network-policy.internal.%s.render.policy" (include "network-policy.internal.render.dialect" .)) . }}
{{- end -}}
