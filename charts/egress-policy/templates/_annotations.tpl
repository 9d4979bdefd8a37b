{{/*
egress-policy.annotations: the annotations of the policy.

Input   the root context, or a dict as egress-policy.networkpolicy takes it
Output  networkPolicy.commonAnnotations, one a line; nothing when there are none
*/}}
{{- define "egress-policy.annotations" -}}
{{- include "egress-policy.internal.strings" (.Values.networkPolicy | default dict).commonAnnotations }}
{{- end -}}
