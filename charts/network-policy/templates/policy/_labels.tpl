{{/*
network-policy.policy.labels: the labels of the policy.

Input   the root context, or a dict as network-policy.policy takes it
Output  one label per line: the usual chart labels and networkPolicy.commonLabels, which have priority
*/}}
{{- define "network-policy.policy.labels" -}}
{{- $labels := dict
    "app.kubernetes.io/name" (include "network-policy.internal.render.app-name" .)
    "app.kubernetes.io/instance" .Release.Name
    "app.kubernetes.io/managed-by" .Release.Service
    "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_.")
}}
{{- with .Chart.AppVersion }}
{{- $_ := set $labels "app.kubernetes.io/version" (toString . | replace "+" "_" | trunc 63 | trimAll "-_.") }}
{{- end }}
{{- range $key, $value := (.Values.networkPolicy | default dict).commonLabels }}
{{- if ne $value nil }}
{{- $_ := set $labels $key $value }}
{{- end }}
{{- end }}
{{- template "network-policy.internal.render.strings" $labels }}
{{- end -}}
