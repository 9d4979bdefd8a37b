{{/*
network-policy.internal.calicostaged.render.policy: the StagedKubernetesNetworkPolicy of one service or namespace, from
validated values: the spec of its NetworkPolicy, which Calico reports about and does not enforce.

Input   as network-policy.internal.render.policy; in a batch as network-policy.internal.networkpolicy.render.policy
Output  as network-policy.policy
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.calicostaged.render.policy" -}}
{{- template "network-policy.internal.networkpolicy.render.policy" (dict "Values" .Values "Release" .Release "Chart" .Chart "isNamespace" .isNamespace "isOptIn" .isOptIn "rules" .rules "apiVersion" "projectcalico.org/v3" "kind" "StagedKubernetesNetworkPolicy" "stagedAction" "Set") }}
{{- end -}}
