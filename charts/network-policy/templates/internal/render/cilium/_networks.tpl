{{/*
network-policy.internal.render.cilium.networks: the addresses of a list of NetworkPolicyPeer.

Input   list of peers; those without ipBlock are left out
Output  elements of toCIDRSet or fromCIDRSet
*/}}
{{- define "network-policy.internal.render.cilium.networks" -}}
{{- $start := "- " }}
{{- range . }}
{{- with .ipBlock }}
{{- $start }}cidr: {{ template "network-policy.internal.render.string" .cidr }}
  {{- if .except }}
  except:
    {{- range .except }}
    - {{ template "network-policy.internal.render.string" . }}
    {{- end }}
  {{- end }}
{{- $start = "\n- " }}
{{- end }}
{{- end }}
{{- end -}}
