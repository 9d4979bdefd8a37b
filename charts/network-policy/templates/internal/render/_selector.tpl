{{/*
network-policy.internal.render.selector: a LabelSelector, in the place it has below a peer.

Input   map   matchLabels: map of strings, where a null counts as absent; matchExpressions: list of key, operator, values
Output  the fields it has, each after a line break and indented by 8; ` {}` for a selector without any, which selects all
Needs   network-policy.internal.check.selector found nothing
*/}}
{{- define "network-policy.internal.render.selector" -}}
{{- if or .matchLabels .matchExpressions }}
{{- if .matchLabels }}
        matchLabels:
          {{- range $key, $value := .matchLabels }}
          {{- if ne $value nil }}
          {{ quote $key }}: {{ quote $value }}
          {{- end }}
          {{- end }}
{{- end }}
{{- if .matchExpressions }}
        matchExpressions:
          {{- range .matchExpressions }}
          - key: {{ .key | quote }}
            operator: {{ .operator }}
            {{- if .values }}
            values:
              {{- range .values }}
              - {{ . | quote }}
              {{- end }}
            {{- end }}
          {{- end }}
{{- end }}
{{- else }} {}
{{- end }}
{{- end -}}
