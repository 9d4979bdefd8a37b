{{/*
network-policy.internal.guardrails.check.values: checks the values of the chart guardrail-policy: that they are for this
release, and that the cluster's kind of policy can say all that they say.

Input   the root context, or a dict as network-policy.policy takes it
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.guardrails.check.values" -}}
{{- template "network-policy.internal.check.misplaced" . }}
{{- $settings := .Values.networkPolicy }}
{{- if kindIs "map" $settings }}
{{- $known := list "release" "enabled" "apiVersion" "guardrails" "commonLabels" "commonAnnotations" }}
{{- range $key, $_ := $settings }}
{{- if not (has $key $known) }}
networkPolicy.{{ $key }}: unknown key; write {{ join ", " (initial $known) }} or {{ last $known }}
{{- end }}
{{- end }}
{{- with $settings.release }}
{{- if not .namespace }}
networkPolicy.release.namespace: is missing; write the namespace of the release
{{- else if ne (toString .namespace) (toString $.Release.Namespace) }}
networkPolicy.release.namespace: these values are for the namespace {{ .namespace }}, but this release is in {{ $.Release.Namespace }}; install with --namespace {{ .namespace }}, or write {{ $.Release.Namespace }} in another values file
{{- end }}
{{- end }}
{{- $api := include "network-policy.internal.guardrails.render.api" $settings.apiVersion }}
{{- if not $api }}
networkPolicy.apiVersion: {{ $settings.apiVersion | toJson | trunc 80 }} is not an API that has such policies; write policy.networking.k8s.io/v1alpha2, policy.networking.k8s.io/v1beta1, policy.networking.k8s.io/v1alpha1, networking.k8s.aws/v1alpha1 or projectcalico.org/v3
{{- end }}
{{- if (fromJson ($api | default "{}")).tierOrder }}
{{- $name := include "network-policy.policy.name" . }}
{{- if has $name (list "default" "kube-admin" "kube-baseline" "adminnetworkpolicy" "baselineadminnetworkpolicy") }}
fullnameOverride: the tier has the name {{ $name }}, which is a tier that Calico has by itself; write another name
{{- else if contains "." $name }}
fullnameOverride: the tier has the name {{ $name }}, and Calico reads what is before a dot as the name of a tier; write a name without dots
{{- end }}
{{- end }}
{{- if not (hasKey $settings "guardrails") }}
networkPolicy.guardrails: is missing; add the values file that `egressc compile` wrote
{{- else }}
{{- with include "network-policy.internal.guardrails.check.shape" (dict "guardrails" $settings.guardrails "isClusterWide" true) }}
{{- replace "\n" "\nnetworkPolicy.guardrails" . }}
{{- else }}
{{- range $name, $guardrail := $settings.guardrails }}
{{- with include "network-policy.internal.guardrails.check.policy" (dict "guardrail" $guardrail "name" $name "api" $api) }}
{{- replace "\n" (printf "\nnetworkPolicy.guardrails.%s" $name) . }}
{{- end }}
{{- else }}
networkPolicy.guardrails: is empty; add the values file that `egressc compile` wrote
{{- end }}
{{- end }}
{{- end }}
{{- template "network-policy.internal.check.metadata" $settings }}
{{- else if not (kindIs "invalid" $settings) }}
networkPolicy: {{ $settings | toJson | trunc 80 }} is not a map; write release, apiVersion and guardrails below it
{{- end }}
{{- end -}}
