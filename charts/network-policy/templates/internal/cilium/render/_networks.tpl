{{/*
network-policy.internal.cilium.render.networks: the addresses of a list of NetworkPolicyPeer.

Input   rule, peers   as network-policy.internal.cilium.render.rules; peers without ipBlock are left out
Output  elements of toCIDRSet or fromCIDRSet
*/}}
{{- define "network-policy.internal.cilium.render.networks" -}}
{{- $start := "- " }}
{{- range index .rule .peers }}
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
