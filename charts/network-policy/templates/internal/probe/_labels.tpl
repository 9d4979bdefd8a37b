{{/*
network-policy.internal.probe.labels: the labels of one probe pod.

Input   role       control or subject
        selector   the LabelSelector of the policy
        probe      networkPolicy.probe
Output  as network-policy.internal.render.strings: for the subject the matchLabels of podSelector and podLabels,
        which have priority; for the control its role and control.podLabels
*/}}
{{- define "network-policy.internal.probe.labels" -}}
{{- $labels := dict "network-policy/role" "control" }}
{{- $own := (.probe.control | default dict).podLabels }}
{{- if eq .role "subject" }}
{{- $labels = deepCopy (.selector.matchLabels | default dict) }}
{{- $own = .probe.podLabels }}
{{- end }}
{{- range $key, $value := $own }}
{{- if ne $value nil }}
{{- $_ := set $labels $key $value }}
{{- end }}
{{- end }}
{{- template "network-policy.internal.render.strings" $labels }}
{{- end -}}
