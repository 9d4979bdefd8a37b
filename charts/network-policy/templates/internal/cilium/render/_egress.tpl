{{/*
network-policy.internal.cilium.render.egress: the egress list of one service, from validated values.

Cilium learns the addresses behind a name from the answers that pass its DNS proxy. So the DNS rule needs `rules.dns`
once a dependency has hosts, and always in the policy of a namespace: services with hosts may rely on it for DNS. Not
with the profile any: answers of a pod's own DNS server must not be learned.

Input   as network-policy.internal.cilium.render.policy
Output  elements of spec.egress: DNS, then the dependencies sorted by key. An empty rule if there are none, which denies
        all egress: Cilium isolates a direction only if its list is not empty
        (github.com/cilium/cilium pkg/policy/api/rule_validation.go)
*/}}
{{- define "network-policy.internal.cilium.render.egress" -}}
{{- $settings := .Values.networkPolicy }}
{{- $isEmpty := eq (toString ($settings.dns | default dict).profile) "none" }}
{{- if .isOptIn }}
{{- $isEmpty = true }}
{{- else }}
{{- $hosts := list }}
{{- range $dependency := $settings.dependencies }}
{{- if kindIs "string" $dependency }}
{{- $dependency = (index $.sources $dependency).rule }}
{{- end }}
{{- with ($dependency | default dict).hosts }}
{{- $hosts = concat $hosts . }}
{{- end }}
{{- end }}
{{- $names := list }}
{{- if and $hosts $settings.dialect.strictDns }}
{{- /* Pods of Linux distributions with musl ask for every name in each search domain, which are below this one. */}}
{{- $names = append (uniq $hosts) (printf "**.%s" ($settings.dialect.clusterDomain | default "cluster.local")) }}
{{- else if or $hosts (and .isNamespace (ne (toString ($settings.dns | default dict).profile) "any")) }}
{{- $names = list "*" }}
{{- end }}
{{- template "network-policy.internal.cilium.render.dns-rule" (dict "dns" $settings.dns "names" $names "namespace" .Release.Namespace "cache" .cache) }}
{{- end }}
{{- range $key, $dependency := $settings.dependencies }}
{{- /* A later values file removes a dependency with null, and Helm may leave the null in place. */}}
{{- if $dependency }}
{{- $isEmpty = false }}
{{ template "network-policy.internal.cilium.render.listed-rule" (dict "context" $ "key" $key "rule" $dependency "peers" "to") }}
{{- end }}
{{- end }}
{{- if $isEmpty }}
- {}
{{- end }}
{{- end -}}
