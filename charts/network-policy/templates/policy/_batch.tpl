{{/*
network-policy.policy.batch: the policies of many releases of one chart, for a program that renders a fleet: Helm parses the
templates once, and a rule that several services have in common is rendered once.

Input   Chart      as network-policy.policy takes it
        releases   list of maps with Release and Values, as network-policy.policy takes them; a dependency may be a
                   string, the name of one in `rules`
        rules      map of string to a map with key and dependency, as network-policy.egress.dependency takes them
Output  a line for each release: what network-policy.policy renders, as a string in JSON
Needs   all values satisfy schemas/service-values.schema.json of egressc: nothing is checked
*/}}
{{- define "network-policy.policy.batch" -}}
{{- $rules := dict }}
{{- range $name, $rule := .rules }}
{{- $_ := set $rules $name (include "network-policy.internal.render.dependency-rule" $rule) }}
{{- end }}
{{- range $index, $release := .releases }}
{{- $text := "" }}
{{- if include "network-policy.internal.render.enabled" . }}
{{- $text = include "network-policy.internal.render.policy" (dict "Values" .Values "Release" .Release "Chart" $.Chart "rules" $rules) }}
{{- end }}
{{- if $index }}
{{ end }}
{{- toJson $text }}
{{- end }}
{{- end -}}
