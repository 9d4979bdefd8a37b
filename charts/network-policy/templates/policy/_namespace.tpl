{{/*
network-policy.policy.namespace: the policies of a whole namespace, of a chart that is installed once per namespace: one
for all its pods, and one for each opt-in, whose pods can reach more.

Input   the root context, or a dict as network-policy.policy takes it. Of networkPolicy it reads all but podSelector
        and probe, and also
            optIns   map of key to podSelector, a LabelSelector, and dependencies, as those of networkPolicy
Output  YAML documents, for each policy as network-policy.policy; nothing if networkPolicy.enabled is false
Fails   as network-policy.policy; also if networkPolicy.release is missing, or the release has another name
*/}}
{{- define "network-policy.policy.namespace" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- $context := dict "Values" .Values "Release" .Release "Chart" .Chart "isNamespace" true }}
{{- template "network-policy.internal.check.service-validate" $context }}
{{- template "network-policy.internal.render.policy" $context }}
{{- $name := include "network-policy.policy.name" . }}
{{- range $key, $optIn := (.Values.networkPolicy | default dict).optIns }}
{{- if $optIn }}
{{- $settings := dict "podSelector" $optIn.podSelector "dns" (dict "profile" "none") "dependencies" $optIn.dependencies }}
{{- range $field := list "dialect" "commonLabels" "commonAnnotations" }}
{{- $_ := set $settings $field (index $.Values.networkPolicy $field) }}
{{- end }}
{{- $own := dict "nameOverride" $.Values.nameOverride "fullnameOverride" (printf "%s-%s" $name $key) "networkPolicy" $settings }}
{{- template "network-policy.internal.render.policy" (dict "Values" $own "Release" $.Release "Chart" $.Chart "isOptIn" true) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
