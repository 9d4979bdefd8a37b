{{/*
network-policy.internal.networkpolicy.render.peers: a list of NetworkPolicyPeer.

Input   list of peers; a null field counts as absent, as in Kubernetes
Output  one element per peer, in the given order
Needs   network-policy.internal.check.peers found nothing
*/}}
{{- define "network-policy.internal.networkpolicy.render.peers" -}}
{{- $start := "- " }}
{{- range $peer := . }}
{{- with .ipBlock }}
{{- $start }}ipBlock:
    cidr: {{ template "network-policy.internal.render.string" .cidr }}
    {{- if .except }}
    except:
      {{- range .except }}
      - {{ template "network-policy.internal.render.string" . }}
      {{- end }}
    {{- end }}
{{- else }}
{{- range $field := list "namespaceSelector" "podSelector" }}
{{- $selector := index $peer $field }}
{{- if kindIs "map" $selector }}
{{- $start }}{{ $field }}:
{{- with include "network-policy.internal.render.selector" $selector }}{{ nindent 4 . }}{{ else }} {}{{ end }}
{{- $start = "\n  " }}
{{- end }}
{{- end }}
{{- end }}
{{- $start = "\n- " }}
{{- end }}
{{- end -}}
