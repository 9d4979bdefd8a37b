{{/*
egress-policy.internal.probe-labels-problems: whether the policy selects the subject of the probe, and not its control.

Input   the root context
Output  as egress-policy.internal.problems
Needs   egress-policy.internal.podselector-problems and egress-policy.internal.probe-problems found nothing
*/}}
{{- define "egress-policy.internal.probe-labels-problems" -}}
{{- $probe := .Values.networkPolicy.probe }}
{{- $selector := include "egress-policy.podselector" . | fromYaml }}
{{- $labels := include "egress-policy.internal.probe-labels" (dict "role" "subject" "selector" $selector "probe" $probe) | fromYaml }}
{{- if not (include "egress-policy.internal.selects" (dict "selector" $selector "labels" $labels)) }}
.podLabels: podSelector does not select a pod with matchLabels and these; write labels that satisfy its matchExpressions
{{- end }}
{{- $control := $probe.control | default dict }}
{{- if ne (toString $control.enabled) "false" }}
{{- $labels = include "egress-policy.internal.probe-labels" (dict "role" "control" "selector" $selector "probe" $probe) | fromYaml }}
{{- if include "egress-policy.internal.selects" (dict "selector" $selector "labels" $labels) }}
.control.podLabels: podSelector selects the control as well; write labels that it does not select, or enabled: false
{{- end }}
{{- end }}
{{- end -}}
