{{/*
egress-policy.notes: for NOTES.txt, what the service may now reach.

Input   the root context, or a dict as egress-policy.networkpolicy takes it
Output  plain text for people
Needs   egress-policy.networkpolicy has been rendered, which checks the values
*/}}
{{- define "egress-policy.notes" -}}
{{- if include "egress-policy.internal.enabled" . }}
{{- $settings := .Values.networkPolicy | default dict }}
{{- $name := include "egress-policy.name" . -}}
NetworkPolicy {{ $name }} isolates the egress of the pods in namespace {{ .Release.Namespace }} with

  {{ include "egress-policy.internal.selector-words" (include "egress-policy.podselector" . | fromYaml) }}

They may reach what is listed here, and nothing else by this policy:

  DNS ({{ ($settings.dns | default dict).profile | default "kube-dns" }})
{{- range include "egress-policy.internal.dns-rule" $settings.dns | fromYamlArray }}
    {{- include "egress-policy.internal.rule-words" . | nindent 4 }}
{{- else }}
    to nothing: the service cannot look up names
{{- end }}
{{- range $key, $dependency := $settings.dependencies }}
{{- if $dependency }}
  {{ template "egress-policy.internal.comment" (dict "key" $key "dependency" $dependency) }}
    {{- include "egress-policy.internal.rule-words" $dependency | nindent 4 }}
{{- end }}
{{- end }}
{{- range $index, $rule := $settings.egress }}
  networkPolicy.egress[{{ $index }}]
    {{- include "egress-policy.internal.rule-words" $rule | nindent 4 }}
{{- end }}

Policies add up: another NetworkPolicy for these pods can allow more.
The cluster needs a network plugin (CNI) that enforces egress policies. One that does not accepts this policy and lets
everything through.

See the policy and the pods it is for:

  kubectl describe networkpolicy {{ $name }} --namespace {{ .Release.Namespace }}
  kubectl get pods --namespace {{ .Release.Namespace }} --show-labels
{{- if include "egress-policy.internal.probe-enabled" . }}

Try the connections of networkPolicy.probe:

  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }} --logs
{{- end }}
{{- else -}}
networkPolicy.enabled is false: this release has no NetworkPolicy, and limits nothing that the service reaches.
{{- end }}
{{ end -}}
