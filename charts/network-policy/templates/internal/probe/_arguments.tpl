{{/*
network-policy.internal.probe.arguments: the arguments of network-policy.internal.probe.script.

Input   role    control or subject
        dns     networkPolicy.dns, or nil
        probe   networkPolicy.probe; a null connection counts as absent
Output  one line per argument
*/}}
{{- define "network-policy.internal.probe.arguments" -}}
{{- $settle := .probe.settleSeconds }}
{{- if kindIs "invalid" $settle }}
{{- $settle = 5 }}
{{- end -}}
- {{ .role }}
- {{ include "network-policy.internal.probe.argument" (.probe.dnsName | default "kubernetes.default.svc.cluster.local") }}
- {{ .probe.timeoutSeconds | default 3 | int | quote }}
- {{ .probe.attempts | default 3 | int | quote }}
- {{ $settle | int | quote }}
- {{ and (eq .role "subject") (eq (toString (.dns | default dict).profile) "none") | ternary "none" "allow" }}
{{- range $key, $connection := .probe.connections }}
{{- if $connection }}
- {{ include "network-policy.internal.probe.argument" $key }}
- {{ include "network-policy.internal.probe.argument" $connection.expect }}
- {{ include "network-policy.internal.probe.argument" ($connection.protocol | default "TCP") }}
- {{ include "network-policy.internal.probe.argument" $connection.host }}
- {{ $connection.port | int | quote }}
{{- end }}
{{- end }}
{{- end -}}
