{{/*
network-policy.internal.render.second-name: the name of another policy of the same release.

Input   context   as network-policy.policy.name
        suffix    what the name ends with
Output  the policy's name, a hyphen and the suffix, at most 63 characters
*/}}
{{- define "network-policy.internal.render.second-name" -}}
{{- $name := printf "%s-%s" (include "network-policy.policy.name" .context) .suffix }}
{{- template "network-policy.policy.name" (dict "Values" (dict "fullnameOverride" $name) "Release" .context.Release "Chart" .context.Chart) }}
{{- end -}}
