{{/*
network-policy.internal.calico.check.named-rule: checks a dependency or caller. A dependency can have the API server as an entity
instead of peers; hosts have no effect here.

Input   as network-policy.internal.check.direction gives it to its `check`
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.calico.check.named-rule" -}}
{{- $hasEntities := and (eq .peers "to") (not (kindIs "invalid" .rule.entities)) }}
{{- if $hasEntities }}
{{- if not (kindIs "slice" .rule.entities) }}
.entities: {{ .rule.entities | toJson | trunc 80 }} is not a list; write each item after a hyphen
{{- else if not .rule.entities }}
.entities: is empty; write kube-apiserver, or remove the key
{{- else }}
{{- range $index, $entity := .rule.entities }}
{{- if ne (toString $entity) "kube-apiserver" }}
.entities[{{ $index }}]: {{ $entity | toJson | trunc 80 }} is not an entity of Calico; write kube-apiserver
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- template "network-policy.internal.check.named-rule" (dict "rule" .rule "peers" .peers "hasOther" $hasEntities) }}
{{- with include "network-policy.internal.calico.check.peers" (index .rule .peers) }}
{{- replace "\n" (print "\n." $.peers) . }}
{{- end }}
{{- with include "network-policy.internal.check.strict-ports" .rule.ports }}
{{- replace "\n" "\n.ports" . }}
{{- end }}
{{- end -}}
