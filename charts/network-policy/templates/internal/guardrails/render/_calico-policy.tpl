{{/*
network-policy.internal.guardrails.render.calico-policy: Calico's policy of one guardrail, in the tier that has the name
of the release. A name starts with that of the tier, which Calico requires before 3.32.

Input   as network-policy.internal.guardrails.render.policy
Output  an object
Needs   network-policy.internal.guardrails.check.values found nothing
*/}}
{{- define "network-policy.internal.guardrails.render.calico-policy" -}}
{{- $api := include "network-policy.internal.guardrails.render.api" .Values.networkPolicy.apiVersion | fromJson -}}
{{- $tier := include "network-policy.policy.name" . -}}
{{- $rules := dict }}
{{- range $peers, $direction := dict "from" "ingress" "to" "egress" }}
{{- with include "network-policy.internal.guardrails.render.calico-rules" (dict "guardrail" $.guardrail "name" $.name "peers" $peers) }}
{{- $_ := set $rules $direction . }}
{{- end }}
{{- end -}}
apiVersion: {{ .Values.networkPolicy.apiVersion }}
kind: {{ $api.kind }}
metadata:
  {{- $own := dict "nameOverride" .Values.nameOverride "fullnameOverride" (printf "%s.%s" $tier .name) "networkPolicy" .Values.networkPolicy }}
  {{- include "network-policy.internal.render.metadata" (dict "Values" $own "Release" .Release "Chart" .Chart "isClusterWide" true) | nindent 2 }}
spec:
  tier: {{ template "network-policy.internal.render.string" $tier }}
  order: {{ int .guardrail.priority }}
  namespaceSelector: {{ include "network-policy.internal.calico.render.selector" .guardrail.namespaceSelector | include "network-policy.internal.calico.render.scalar" }}
  selector: {{ include "network-policy.internal.calico.render.pods" .guardrail.podSelector | include "network-policy.internal.calico.render.scalar" }}
  types:
    {{- range $direction, $_ := $rules }}
    - {{ title $direction }}
    {{- end }}
  {{- range $direction, $denied := $rules }}
  {{ $direction }}:
    {{- $denied | nindent 4 }}
  {{- end }}
{{- end -}}
