{{/*
network-policy.internal.check.misplaced: checks that no value is below the name of the library. Helm reads a subchart's
values from there, so people put them there by habit.

Input   the root context, or a dict with its Values
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.misplaced" -}}
{{- range $key := list "nameOverride" "fullnameOverride" "networkPolicy" }}
{{- if hasKey (index $.Values "network-policy" | default dict) $key }}
network-policy.{{ $key }}: is not read; write {{ $key }} at the top of the values, next to the other keys of your chart
{{- end }}
{{- end }}
{{- end -}}
