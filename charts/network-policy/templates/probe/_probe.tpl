{{/*
network-policy.probe: the pods that try connections when `helm test` runs.

Input   the root context, or a dict as network-policy.policy takes it
Output  one YAML document per pod, the control first; nothing unless networkPolicy.probe.enabled is true and there is a
        policy
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "network-policy.probe" -}}
{{- if include "network-policy.internal.probe.enabled" . }}
{{- template "network-policy.policy.validate" . }}
{{- $control := .Values.networkPolicy.probe.control | default dict }}
{{- if ne (toString $control.enabled) "false" }}
{{- include "network-policy.internal.probe.pod" (dict "context" . "role" "control") }}
{{- end }}
{{- include "network-policy.internal.probe.pod" (dict "context" . "role" "subject") }}
{{- end }}
{{- end -}}
