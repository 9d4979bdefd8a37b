{{/*
network-policy.policy.name: the name of the policy, at most 63 characters.

Input   the root context, or a dict as network-policy.policy takes it
Output  fullnameOverride, otherwise the name of the release. In a subchart <release>-<chart> and a hash of both, so that
        release `a-b` and subchart `b` of release `a` differ. A name that is too long is shortened and ends with a hash
        of the full name. A chart with several policies gives each a fullnameOverride
*/}}
{{- define "network-policy.policy.name" -}}
{{- $name := .Values.fullnameOverride | default .Release.Name }}
{{- /* A dict instead of the root context has no IsRoot: then the chart is not a subchart. */}}
{{- if and (not .Values.fullnameOverride) (eq (toString .Chart.IsRoot) "false") }}
{{- $parts := list .Release.Name (.Values.nameOverride | default .Chart.Name) }}
{{- $name = printf "%s-%s" (join "-" $parts) (join "/" $parts | sha256sum | trunc 8) }}
{{- end }}
{{- if gt (len $name) 63 }}
{{- $name = printf "%s-%s" ($name | trunc 54 | trimAll "-.") ($name | sha256sum | trunc 8) }}
{{- end }}
{{- $name }}
{{- end -}}
