{{/*
network-policy.internal.gateway.render.object: the start of an object.

Input   context                as network-policy.policy
        apiVersion, kind       of the object
        fullname               its name
        labels                 optional: map of labels that it needs
Output  a YAML document up to `spec:`
*/}}
{{- define "network-policy.internal.gateway.render.object" -}}
---
apiVersion: {{ .apiVersion }}
kind: {{ .kind }}
metadata:
  {{- $settings := .context.Values.networkPolicy }}
  {{- if .labels }}
  {{- $labels := deepCopy ($settings.commonLabels | default dict) }}
  {{- range $key, $value := .labels }}
  {{- $_ := set $labels $key $value }}
  {{- end }}
  {{- $settings = omit $settings "commonLabels" }}
  {{- $_ := set $settings "commonLabels" $labels }}
  {{- end }}
  {{- $own := dict "nameOverride" .context.Values.nameOverride "fullnameOverride" .fullname "networkPolicy" $settings }}
  {{- include "network-policy.internal.render.metadata" (dict "Values" $own "Release" .context.Release "Chart" .context.Chart) | nindent 2 }}
spec:
{{- end -}}
