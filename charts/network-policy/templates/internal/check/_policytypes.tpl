{{/*
network-policy.internal.check.policytypes: checks what the policy limits: an empty list would limit nothing, or what
Kubernetes takes it for.

Input   the list, or nil for the default
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.policytypes" -}}
{{- if kindIs "slice" . }}
{{- range $index, $type := . }}
{{- if not (has $type (list "Ingress" "Egress")) }}
[{{ $index }}]: {{ $type | toJson | trunc 80 }} is not a policy type; write Ingress or Egress
{{- end }}
{{- else }}
: is empty; write Egress, Ingress, or both
{{- end }}
{{- if ne (len .) (len (uniq .)) }}
: has the same item twice; write each once
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a list; write Egress, Ingress, or both, each after a hyphen
{{- end }}
{{- end -}}
