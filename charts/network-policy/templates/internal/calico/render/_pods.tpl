{{/*
network-policy.internal.calico.render.pods: the pods at the other end of a rule, as a selector of Calico.

A selector of a rule also selects network sets and the interfaces of hosts. Only pods have the label
projectcalico.org/orchestrator, by which Calico itself keeps the rules of a NetworkPolicy to pods.

Input   LabelSelector, or nil for all pods
Output  the selector on one line
Needs   network-policy.internal.check.strict-selector found nothing
*/}}
{{- define "network-policy.internal.calico.render.pods" -}}
{{- $labels := include "network-policy.internal.calico.render.selector" (. | default dict) }}
{{- if ne $labels "all()" -}}
{{ $labels }} && {{ end -}}
projectcalico.org/orchestrator == 'k8s'
{{- end -}}
