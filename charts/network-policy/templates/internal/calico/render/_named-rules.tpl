{{/*
network-policy.internal.calico.render.named-rules: the rules for all dependencies or callers of a service.

Input   context   as network-policy.internal.calico.render.policy
        named     `dependencies` or `callers`
        peers     `to` or `from`
Output  elements of spec.egress or spec.ingress; nothing if there are none
*/}}
{{- define "network-policy.internal.calico.render.named-rules" -}}
{{- $start := "" }}
{{- range $key, $rule := index .context.Values.networkPolicy .named }}
{{- /* A later values file removes a rule with null, and Helm may leave the null in place. */}}
{{- if $rule }}
{{- $start }}{{ if kindIs "string" $rule }}{{ index $.context.rules $rule }}{{ else }}{{ template "network-policy.internal.calico.render.named-rule" (dict "key" $key "rule" $rule "peers" $.peers) }}{{ end }}
{{- $start = "\n" }}
{{- end }}
{{- end }}
{{- end -}}
