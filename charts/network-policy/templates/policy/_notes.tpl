{{/*
network-policy.policy.notes: for NOTES.txt, what the service, or every pod of the namespace, can now reach, and what can
reach it.

Input   the root context, or a dict as network-policy.policy takes it; with isNamespace, as network-policy.policy.namespace;
        with isClusterWide, as network-policy.policy.guardrails; with isGateway, as network-policy.policy.gateway
Output  plain text for people
Needs   network-policy.policy has been rendered, which validates the values
*/}}
{{- define "network-policy.policy.notes" -}}
{{- if .isClusterWide }}
{{- template "network-policy.internal.guardrails.words" . }}
{{- else if .isGateway }}
{{- template "network-policy.internal.gateway.words" . }}
{{- else if include "network-policy.internal.render.enabled" . }}
{{- $settings := .Values.networkPolicy | default dict }}
{{- $name := include "network-policy.policy.name" . -}}
{{- $types := $settings.policyTypes | default (list "Egress") -}}
{{- $words := printf "network-policy.internal.%s.words" (include "network-policy.internal.render.dialect" .) -}}
{{- $subject := ternary "every pod" "the pods" (eq (toString .isNamespace) "true") -}}
{{- $kind := include (print $words ".kind") . -}}
{{- $isStaged := hasPrefix "Staged" $kind -}}
{{ $kind }} {{ $name }} {{ $isStaged | ternary "is not enforced. It would isolate" "isolates" }} the {{ join " and " $types | lower }} of {{ $subject }} in namespace {{ .Release.Namespace }}
{{- if not .isNamespace }} with

  {{ include "network-policy.internal.words.selector" (include "network-policy.policy.podselector" . | fromYaml) }}
{{- else }}.
{{- end }}

{{- if has "Egress" $types }}

This policy {{ $isStaged | ternary "would allow" "allows" }} them only what is listed here:

  DNS ({{ ($settings.dns | default dict).profile | default "kube-dns" }})
{{- range include "network-policy.internal.networkpolicy.render.dns-rule" $settings.dns | fromYamlArray }}
    {{- include "network-policy.internal.words.rule" (dict "rule" . "peers" "to") | nindent 4 }}
{{- else }}
    to nothing: {{ if .isNamespace }}this policy does not let pods{{ else }}the service cannot{{ end }} resolve names
{{- end }}
{{- range $key, $dependency := $settings.dependencies }}
{{- if $dependency }}
  {{ template "network-policy.internal.render.comment" (dict "key" $key "rule" $dependency) }}
    {{- include (print $words ".rule") (dict "rule" $dependency "peers" "to") | nindent 4 }}
{{- end }}
{{- end }}
{{- range $index, $rule := $settings.egress }}
  networkPolicy.egress[{{ $index }}]
    {{- include "network-policy.internal.words.rule" (dict "rule" $rule "peers" "to") | nindent 4 }}
{{- end }}
{{- end }}
{{- if has "Ingress" $types }}

This policy {{ $isStaged | ternary "would let in" "lets in" }} only what is listed here:
{{ $isClosed := true }}
{{- range $key, $caller := $settings.callers }}
{{- if $caller }}
{{- $isClosed = false }}
  {{ template "network-policy.internal.render.comment" (dict "key" $key "rule" $caller) }}
    {{- include (print $words ".rule") (dict "rule" $caller "peers" "from") | nindent 4 }}
{{- end }}
{{- end }}
{{- range $index, $rule := $settings.ingress }}
{{- $isClosed = false }}
  networkPolicy.ingress[{{ $index }}]
    {{- include "network-policy.internal.words.rule" (dict "rule" $rule "peers" "from") | nindent 4 }}
{{- end }}
{{- if $isClosed }}
  nothing
{{- end }}
{{- end }}
{{- $optIns := list }}
{{- range $key, $optIn := $settings.optIns }}
{{- if $optIn }}
{{- $own := dict "fullnameOverride" (printf "%s-%s" $name $key) }}
{{- $optIns = append $optIns (include "network-policy.policy.name" (dict "Values" $own "Release" $.Release "Chart" $.Chart)) }}

Pods with {{ include "network-policy.internal.words.selector" $optIn.podSelector }} {{ $isStaged | ternary "could" "can" }} also reach:
{{ range $name, $dependency := $optIn.dependencies }}
{{- if $dependency }}
  {{ template "network-policy.internal.render.comment" (dict "key" $name "rule" $dependency) }}
    {{- include (print $words ".rule") (dict "rule" $dependency "peers" "to") | nindent 4 }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{ include (print $words ".needs") (dict "context" . "types" $types) }}

See the {{ if $optIns }}policies and the pods they are{{ else }}policy and the pods it is{{ end }} for:

  {{ include (print $words ".show") (dict "context" . "names" (prepend $optIns $name)) | nindent 2 | trim }}
  kubectl get pods --namespace {{ .Release.Namespace }} --show-labels
{{- if include "network-policy.internal.probe.enabled" . }}

Try the connections of networkPolicy.probe:

  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }} --logs
{{- end }}
{{- else -}}
networkPolicy.enabled is false: this release has no NetworkPolicy and does not limit the {{ ternary "namespace" "service" (eq (toString .isNamespace) "true") }}.
{{- end }}
{{ end -}}
