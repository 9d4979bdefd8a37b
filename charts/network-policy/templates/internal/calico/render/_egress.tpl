{{/*
network-policy.internal.calico.render.egress: the egress list of one service, from validated values.

Input   as network-policy.internal.calico.render.policy
Output  elements of spec.egress, or an empty list
*/}}
{{- define "network-policy.internal.calico.render.egress" -}}
{{- $settings := .Values.networkPolicy }}
{{- $parts := list }}
{{- if not .isOptIn }}
{{- $profile := ($settings.dns | default dict).profile | default "kube-dns" }}
{{- $dns := printf "# DNS: %s" $profile }}
{{- range include "network-policy.internal.networkpolicy.render.dns-rule" $settings.dns | fromYamlArray }}
{{- $dns = include "network-policy.internal.calico.render.rules" (dict "comment" (printf "DNS: %s" $profile) "rule" . "peers" "to") }}
{{- end }}
{{- $parts = append $parts $dns }}
{{- end }}
{{- with include "network-policy.internal.calico.render.named-rules" (dict "context" . "named" "dependencies" "peers" "to") }}
{{- $parts = append $parts . }}
{{- else }}
{{- if or .isOptIn (eq (toString ($settings.dns | default dict).profile) "none") }}
{{- $parts = append $parts "[]" }}
{{- end }}
{{- end }}
{{- join "\n" $parts }}
{{- end -}}
