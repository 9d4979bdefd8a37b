{{/*
network-policy.policy.annotations: the annotations of the policy.

Input   the root context, or a dict as network-policy.policy takes it
Output  networkPolicy.commonAnnotations, one per line; nothing if there are none
*/}}
{{- define "network-policy.policy.annotations" -}}
{{- include "network-policy.internal.render.strings" (.Values.networkPolicy | default dict).commonAnnotations }}
{{- end -}}
