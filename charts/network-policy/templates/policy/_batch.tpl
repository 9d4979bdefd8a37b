{{/*
network-policy.policy.batch: the policies of many releases of one chart, for programs that render many releases: Helm
parses the templates once, and renders a rule that several services share once.

Input   Chart      as network-policy.policy takes it
        releases   list of maps with Release and Values, as network-policy.policy takes them; a dependency or caller
                   can be the name of one in `rules`
        rules      map of name to a map with key, rule and peers (`to` or `from`): a dependency or caller
Output  one line per release: the output of network-policy.policy as a JSON string
Needs   values that are valid by egressc's schemas/service-values.schema.json: nothing is validated here
*/}}
{{- define "network-policy.policy.batch" -}}
{{- $shared := dict }}
{{- range $index, $release := .releases }}
{{- $text := "" }}
{{- if include "network-policy.internal.render.enabled" . }}
{{- $dialect := include "network-policy.internal.render.dialect" . }}
{{- if not (hasKey $shared $dialect) }}
{{- $rules := dict }}
{{- range $name, $rule := $.rules }}
{{- $_ := set $rules $name (include (printf "network-policy.internal.%s.render.named-rule" $dialect) $rule) }}
{{- end }}
{{- $_ := set $shared $dialect (dict "rules" $rules "cache" dict) }}
{{- end }}
{{- $own := index $shared $dialect }}
{{- $text = include (printf "network-policy.internal.%s.render.policy" $dialect) (dict "Values" .Values "Release" .Release "Chart" $.Chart "rules" $own.rules "sources" $.rules "cache" $own.cache) }}
{{- end }}
{{- if $index }}
{{ end }}
{{- toJson $text }}
{{- end }}
{{- end -}}
