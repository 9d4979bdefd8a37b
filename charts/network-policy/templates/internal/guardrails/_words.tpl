{{/*
network-policy.internal.guardrails.words: for NOTES.txt of the chart guardrail-policy, what the cluster now denies.

Input   the root context, or a dict as network-policy.policy takes it
Output  plain text for people
*/}}
{{- define "network-policy.internal.guardrails.words" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- $api := include "network-policy.internal.guardrails.render.api" .Values.networkPolicy.apiVersion | fromJson -}}
No policy of a service or namespace can allow what these guardrails deny, each {{ $api.indefinite }}:
{{ range $name, $guardrail := .Values.networkPolicy.guardrails }}
  {{ template "network-policy.internal.render.comment" (dict "key" $name "rule" (pick $guardrail "purpose")) }}
    for {{ include "network-policy.internal.words.peer" $guardrail }}
{{- range $rule := $guardrail.rules }}
    no connection {{ include "network-policy.internal.words.rule" (dict "rule" $rule "peers" (hasKey $rule "to" | ternary "to" "from")) | nindent 18 | trim }}
{{- end }}
{{- end }}

The cluster needs a network plugin (CNI) that enforces these policies. One that does not lets everything through.

See the policies:

  kubectl get {{ $api.resource }} --selector app.kubernetes.io/instance={{ .Release.Name }}
{{- else -}}
networkPolicy.enabled is false: this release has no policies, and the cluster denies nothing that a guardrail denies.
{{- end }}
{{- end -}}
