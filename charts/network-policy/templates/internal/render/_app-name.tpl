{{/*
network-policy.internal.render.app-name: the value of app.kubernetes.io/name, as `helm create` makes it.

Input   the root context
Output  nameOverride or the chart's name, at most 63 characters
*/}}
{{- define "network-policy.internal.render.app-name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end -}}
