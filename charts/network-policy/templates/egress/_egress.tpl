{{/*
network-policy.egress: the egress list alone, for a chart that writes its own policy.

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  elements of spec.egress: DNS, then the dependencies sorted by key, then the extra rules; `[]`
        where there are none of them, which isolates the pods. networkPolicy.enabled is the caller's to read
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "network-policy.egress" -}}
{{- template "network-policy.policy.validate" . }}
{{- $settings := .Values.networkPolicy | default dict }}
{{- $isEmpty := eq (toString ($settings.dns | default dict).profile) "none" }}
{{- template "network-policy.internal.render.dns-rule" $settings.dns }}
{{- range $key, $dependency := $settings.dependencies }}
{{- /* A later values file drops a dependency with null, and Helm may leave the null in place. */}}
{{- if $dependency }}
{{- $isEmpty = false }}
{{ template "network-policy.internal.render.dependency-rule" (dict "key" $key "dependency" $dependency) }}
{{- end }}
{{- end }}
{{- range $index, $rule := $settings.egress }}
{{- $isEmpty = false }}
# networkPolicy.egress[{{ $index }}]
{{ template "network-policy.internal.render.extra-rule" $rule }}
{{- end }}
{{- if $isEmpty }}
[]
{{- end }}
{{- end -}}
