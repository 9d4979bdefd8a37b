{{/*
network-policy.internal.check.opt-ins: checks that each opt-in of a namespace names its pods and what they can reach.

Input   settings   networkPolicy, of a namespace
        check      as network-policy.internal.check.direction
        denied     as there: for opt-ins without guardrails of their own
        namespace, namespaceLabels   as network-policy.internal.guardrails.check.denied
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.opt-ins" -}}
{{- if not (has (kindOf .settings.optIns) (list "map" "invalid")) }}
networkPolicy.optIns: {{ .settings.optIns | toJson | trunc 80 }} is not a map; write each opt-in below a name
{{- else }}
{{- range $key, $optIn := .settings.optIns }}
{{- if not (has "Egress" ($.settings.policyTypes | default (list "Egress"))) }}
networkPolicy.optIns.{{ $key }}: would deny its pods what others can reach, because policyTypes does not list Egress; add Egress to policyTypes, or remove the opt-in
{{- end }}
{{- if kindIs "map" $optIn }}
{{- range $field, $_ := omit $optIn "podSelector" "dependencies" "guardrails" }}
networkPolicy.optIns.{{ $key }}.{{ $field }}: unknown key; write podSelector, dependencies or guardrails
{{- end }}
{{- $denied := $.denied }}
{{- if hasKey $optIn "guardrails" }}
{{- with include "network-policy.internal.guardrails.check.shape" (dict "guardrails" $optIn.guardrails "isClusterWide" false) }}
{{- replace "\n" (printf "\nnetworkPolicy.optIns.%s.guardrails" $key) . }}
{{- else }}
{{- $denied = include "network-policy.internal.guardrails.check.denied" (dict "guardrails" $optIn.guardrails "namespace" $.namespace "namespaceLabels" $.namespaceLabels) | fromJson }}
{{- end }}
{{- end }}
{{- if kindIs "invalid" $optIn.podSelector }}
networkPolicy.optIns.{{ $key }}.podSelector: is missing; write the labels of the pods that opt in
{{- else }}
{{- with include "network-policy.internal.check.podselector" (dict "selector" $optIn.podSelector "pods" "only the pods that opt in") }}
{{- replace "\n" (printf "\nnetworkPolicy.optIns.%s.podSelector" $key) . }}
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.direction" (dict "settings" $optIn "check" $.check "dialect" $.settings.dialect "denied" $denied "type" "Egress" "named" "dependencies" "extra" "egress" "peers" "to") }}
{{- replace "\nnetworkPolicy." (printf "\nnetworkPolicy.optIns.%s." $key) . }}
{{- end }}
{{- else if not (kindIs "invalid" $optIn) }}
networkPolicy.optIns.{{ $key }}: {{ $optIn | toJson | trunc 80 }} is not a map; write podSelector and dependencies below it
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
