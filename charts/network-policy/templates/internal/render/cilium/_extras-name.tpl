{{/*
network-policy.internal.render.cilium.extras-name: the name of the NetworkPolicy that holds the extra rules.

Input   as network-policy.policy.name
Output  the policy's name and `-extra`, at most 63 characters
*/}}
{{- define "network-policy.internal.render.cilium.extras-name" -}}
{{- $name := printf "%s-extra" (include "network-policy.policy.name" .) }}
{{- template "network-policy.policy.name" (dict "Values" (dict "fullnameOverride" $name) "Release" .Release "Chart" .Chart) }}
{{- end -}}
