{{/*
network-policy.internal.eks.check.values: checks what EKS cannot do.

Amazon's network policy controller finds its own objects by the name of a policy, whatever its kind.

Input   as network-policy.internal.check.values
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.eks.check.values" -}}
{{- template "network-policy.internal.hosts.check.values" . }}
{{- $settings := .Values.networkPolicy }}
{{- $optIns := kindIs "map" $settings.optIns | ternary $settings.optIns dict }}
{{- if and $optIns.hosts (include "network-policy.internal.hosts.check.has-hosts" $settings.dependencies) }}
networkPolicy.optIns.hosts: its policy has the name of the policy for the hosts of the namespace, and EKS tells policies apart by name; write another name
{{- end }}
{{- end -}}
