{{/*
network-policy.internal.render.extras: the NetworkPolicy that holds the extra rules, for dialects whose own policies
do not have them.

Input   as network-policy.internal.render.policy
Output  one YAML document with the policy's name and `-extra`; nothing if there are no extra rules
*/}}
{{- define "network-policy.internal.render.extras" -}}
{{- $settings := .Values.networkPolicy }}
{{- $types := list }}
{{- range $type := $settings.policyTypes | default (list "Egress") }}
{{- if index $settings (lower $type) }}
{{- $types = append $types $type }}
{{- end }}
{{- end }}
{{- if $types }}
{{- $own := omit $settings "dialect" "dependencies" "callers" }}
{{- $_ := set $own "policyTypes" $types }}
{{- $renamed := dict "nameOverride" .Values.nameOverride "fullnameOverride" (include "network-policy.internal.render.second-name" (dict "context" . "suffix" "extra")) "networkPolicy" $own }}
{{- template "network-policy.internal.networkpolicy.render.policy" (dict "Values" $renamed "Release" .Release "Chart" .Chart "isNamespace" .isNamespace "isOptIn" true) }}
{{- end }}
{{- end -}}
