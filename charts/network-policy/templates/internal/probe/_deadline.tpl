{{/*
network-policy.internal.probe.deadline: when a probing pod is given up, in seconds.

Input   networkPolicy.probe
Output  two minutes to start in, the wait before the first attempt, and for DNS and each connection every attempt with
        the second behind it: four names of a search list that are not answered, and two times the wait for an answer
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
