{{/*
network-policy.internal.check.probe-labels: checks that the policy selects the subject of the probe, but not its
control.

Input   the root context
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.podselector and network-policy.internal.check.probe found nothing
*/}}
{{- define "network-policy.internal.check.probe-labels" -}}
{{- $probe := .Values.networkPolicy.probe }}
{{- $selector := include "network-policy.policy.podselector" . | fromYaml }}
{{- $labels := include "network-policy.internal.probe.labels" (dict "role" "subject" "selector" $selector "probe" $probe) | fromYaml }}
{{- if not (include "network-policy.internal.check.selects" (dict "selector" $selector "labels" $labels)) }}
.podLabels: podSelector does not select a pod with matchLabels and these; write labels that satisfy its matchExpressions
{{- end }}
{{- $control := $probe.control | default dict }}
{{- if ne (toString $control.enabled) "false" }}
{{- $labels = include "network-policy.internal.probe.labels" (dict "role" "control" "selector" $selector "probe" $probe) | fromYaml }}
{{- if include "network-policy.internal.check.selects" (dict "selector" $selector "labels" $labels) }}
.control.podLabels: podSelector selects the control as well; write labels that it does not select, or enabled: false
{{- end }}
{{- end }}
{{- end -}}
