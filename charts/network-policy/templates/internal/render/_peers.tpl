{{/*
network-policy.internal.render.peers: a list of NetworkPolicyPeer, in the place it has below `to:` of a rule.

Input   list of peers; a field that is null counts as absent, as it does to Kubernetes
Output  one element for each, in the order given, each after a line break and indented by 4
Needs   network-policy.internal.check.peers found nothing
*/}}
{{- define "network-policy.internal.render.peers" -}}
{{- range . }}
{{- if .ipBlock }}
    - ipBlock:
        cidr: {{ .ipBlock.cidr | quote }}
        {{- if .ipBlock.except }}
        except:
          {{- range .ipBlock.except }}
          - {{ . | quote }}
          {{- end }}
        {{- end }}
{{- else if kindIs "map" .namespaceSelector }}
    - namespaceSelector: {{- template "network-policy.internal.render.selector" .namespaceSelector }}
      {{- if kindIs "map" .podSelector }}
      podSelector: {{- template "network-policy.internal.render.selector" .podSelector }}
      {{- end }}
{{- else }}
    - podSelector: {{- template "network-policy.internal.render.selector" .podSelector }}
{{- end }}
{{- end }}
{{- end -}}
