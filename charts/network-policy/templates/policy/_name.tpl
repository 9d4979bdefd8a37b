{{/*
network-policy.policy.name: the name of the policy, at most 63 characters.

Input   the root context, or a dict as network-policy.policy takes it
Output  fullnameOverride, or else the name of the release. In a subchart <release>-<chart> and a hash of both, so that
        release `a-b` and subchart `b` of release `a` stay apart. A name that is too long keeps its start and ends with
        a hash of the whole. A chart with several policies gives each a fullnameOverride
*/}}
{{- define "network-policy.policy.name" -}}
{{- $name := .Values.fullnameOverride | default .Release.Name }}
{{- /* IsRoot is absent from a dict that stands for the root context: then the chart is no subchart. */}}
{{- if and (not .Values.fullnameOverride) (eq (toString .Chart.IsRoot) "false") }}
{{- $parts := list .Release.Name (.Values.nameOverride | default .Chart.Name) }}
{{- $name = printf "%s-%s" (join "-" $parts) (join "/" $parts | sha256sum | trunc 8) }}
{{- end }}
{{- if gt (len $name) 63 }}
{{- $name = printf "%s-%s" ($name | trunc 54 | trimAll "-.") ($name | sha256sum | trunc 8) }}
{{- end }}
{{- $name }}
{{- end -}}
