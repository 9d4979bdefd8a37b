{{/*
network-policy.internal.probe.deadline: activeDeadlineSeconds of a probe pod.

Input   networkPolicy.probe
Output  two minutes to start, the wait before the first attempt, and every attempt for DNS and for each connection, with
        one second after it: four names of a search list without an answer, and twice the timeout
*/}}
{{- define "network-policy.internal.probe.deadline" -}}
{{- $settle := .settleSeconds }}
{{- if kindIs "invalid" $settle }}
{{- $settle = 5 }}
{{- end }}
{{- $tried := 1 }}
{{- range .connections }}
{{- if . }}
{{- $tried = add1 $tried }}
{{- end }}
{{- end }}
{{- $attempt := .timeoutSeconds | default 3 | int | mul 6 | add1 }}
{{- add 120 (int $settle) (mul $tried (.attempts | default 3 | int) $attempt) }}
{{- end -}}
