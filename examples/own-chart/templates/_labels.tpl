{{/*
ai-service.selectorLabels: the labels that single out the application's pods, as `helm create` makes them.

Input   the root context
Output  a label a line
*/}}
{{- define "ai-service.selectorLabels" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}
