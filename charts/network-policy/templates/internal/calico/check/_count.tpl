{{/*
network-policy.internal.calico.check.count: checks that Calico takes so many rules in one direction of a policy. How many
there are is known only once they are rendered.

Input   context   as network-policy.internal.calico.render.policy
        rules     map of a policy type to its rendered rules
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.calico.check.count" -}}
{{- range $type, $rules := .rules }}
{{- $count := splitList "\n- action: " (print "\n" $rules) | len | add -1 }}
{{- if gt (int $count) 1024 }}
networkPolicy.{{ $.context.isOptIn | default false | ternary "optIns" (eq $type "Egress" | ternary "dependencies" "callers") }}: need {{ $count }} {{ lower $type }} rules in {{ include "network-policy.policy.name" $.context }}, but a policy of Calico can have 1024; write larger networks, port ranges, or fewer rules
{{- end }}
{{- end }}
{{- end -}}
