{{/*
network-policy.internal.check.networkpolicy.values: checks that nothing is set that only other dialects have.

Input   the root context, or a dict with its Values
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.networkpolicy.values" -}}
{{- $dialect := .Values.networkPolicy.dialect | default dict }}
{{- range $key := list "version" "strictDns" "clusterDomain" }}
{{- if not (kindIs "invalid" (index $dialect $key)) }}
networkPolicy.dialect.{{ $key }}: belongs only to the kind Cilium, but the kind is NetworkPolicy; write kind: Cilium, or remove {{ $key }}
{{- end }}
{{- end }}
{{- end -}}
