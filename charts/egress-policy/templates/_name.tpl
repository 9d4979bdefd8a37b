{{/*
egress-policy.name: the name of the policy, at most 63 characters.

Input   the root context, or a dict as egress-policy.networkpolicy takes it
Output  <release>-egress in the chart that is installed. In a subchart <release>-<chart>-egress and a hash of both, so
        that release `a-b` and subchart `b` of release `a` stay apart. <fullnameOverride>-egress where that is set.
        A name that is too long keeps its start and ends with a hash of the whole
*/}}
{{- define "egress-policy.name" -}}
{{- $name := printf "%s-egress" .Release.Name }}
{{- with .Values.fullnameOverride }}
{{- $name = printf "%s-egress" (trimSuffix "-egress" .) }}
{{- else }}
{{- /* Absent from a dict that stands for the root context: then it is a chart of its own. */}}
{{- if eq (toString .Chart.IsRoot) "false" }}
{{- $parts := list .Release.Name (.Values.nameOverride | default .Chart.Name) }}
{{- $name = printf "%s-egress-%s" (join "-" $parts) (join "/" $parts | sha256sum | trunc 8) }}
{{- end }}
{{- end }}
{{- if gt (len $name) 63 }}
{{- $name = printf "%s-%s" ($name | trunc 54 | trimAll "-.") ($name | sha256sum | trunc 8) }}
{{- end }}
{{- $name }}
{{- end -}}
