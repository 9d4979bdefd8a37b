{{/*
ai-service.fullname: the name of the application's resources, as `helm create` makes it.

Input   the root context
Output  at most 63 characters
*/}}
{{- define "ai-service.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name }}
{{- $fullname := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- .Values.fullnameOverride | default $fullname | trunc 63 | trimSuffix "-" }}
{{- end -}}
