{{/*
network-policy.internal.guardrails.render.policy: the cluster-wide policy of one guardrail, from validated values. It
only denies: what may pass is left to the policies of services and namespaces.

Input   as network-policy.policy; also
        name        the name of the guardrail
        guardrail   the guardrail
Output  one YAML document
Needs   network-policy.internal.guardrails.check.values found nothing
*/}}
{{- define "network-policy.internal.guardrails.render.policy" -}}
{{- $api := include "network-policy.internal.guardrails.render.api" .Values.networkPolicy.apiVersion | fromJson -}}
---
apiVersion: {{ .Values.networkPolicy.apiVersion }}
kind: {{ $api.kind }}
metadata:
  {{- $own := dict "nameOverride" .Values.nameOverride "fullnameOverride" (printf "%s-%s" (include "network-policy.policy.name" .) .name) "networkPolicy" .Values.networkPolicy }}
  {{- include "network-policy.internal.render.metadata" (dict "Values" $own "Release" .Release "Chart" .Chart "isClusterWide" true) | nindent 2 }}
spec:
  # {{ template "network-policy.internal.render.comment" (dict "key" .name "rule" (pick .guardrail "purpose")) }}
  {{- if $api.hasAdminTier }}
  tier: Admin
  {{- end }}
  priority: {{ int .guardrail.priority }}
  subject:
    {{- include "network-policy.internal.guardrails.render.pods" .guardrail | nindent 4 }}
  {{- range $peers, $direction := dict "from" "ingress" "to" "egress" }}
  {{- with include "network-policy.internal.guardrails.render.rules" (dict "guardrail" $.guardrail "name" $.name "peers" $peers "api" $api) }}
  {{ $direction }}:
    {{- . | nindent 4 }}
  {{- end }}
  {{- end }}
{{ end -}}
