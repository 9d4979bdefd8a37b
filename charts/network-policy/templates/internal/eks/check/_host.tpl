{{/*
network-policy.internal.eks.check.host: checks that an ApplicationNetworkPolicy can say a host: its wildcard stands for
one or more labels.

Input   as network-policy.internal.hosts.check.host
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.eks.check.host" -}}
{{- if hasPrefix "*." .host }}
: {{ .host | toJson | trunc 80 }} stands for one more label, and a wildcard in EKS for one or more; write {{ replace "*." "**." .host }}, or each host
{{- end }}
{{- end -}}
