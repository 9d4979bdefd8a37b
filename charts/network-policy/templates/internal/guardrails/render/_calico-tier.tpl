{{/*
network-policy.internal.guardrails.render.calico-tier: Calico's tier for guardrails, and their policies. What no guardrail
denies is passed on to the next tier.

Calico refuses a policy whose tier is not there, and to remove a tier that has policies. Helm puts kinds that it does not
know in the order of their names, but leaves documents of one kind in the order of the templates: so the tier is in a
list, and the policies are in another. Helm keeps the first when it uninstalls the release: an empty tier does nothing.

Input   as network-policy.policy.guardrails
Output  two YAML documents
Needs   network-policy.internal.guardrails.check.values found nothing
*/}}
{{- define "network-policy.internal.guardrails.render.calico-tier" -}}
{{- $api := include "network-policy.internal.guardrails.render.api" .Values.networkPolicy.apiVersion | fromJson -}}
{{- $name := include "network-policy.policy.name" . | include "network-policy.internal.render.string" -}}
---
apiVersion: v1
kind: List
metadata:
  name: {{ $name }}-tier
  annotations:
    helm.sh/resource-policy: keep
items:
  - apiVersion: {{ .Values.networkPolicy.apiVersion }}
    kind: Tier
    metadata:
      {{- include "network-policy.internal.render.metadata" (dict "Values" .Values "Release" .Release "Chart" .Chart "isClusterWide" true) | nindent 6 }}
    spec:
      # Before the tier of ClusterNetworkPolicies, which has 1000
      order: {{ int $api.tierOrder }}
      defaultAction: Pass
---
apiVersion: v1
kind: List
metadata:
  name: {{ $name }}-policies
items:
{{- range $name, $guardrail := .Values.networkPolicy.guardrails }}
  - {{ include "network-policy.internal.guardrails.render.calico-policy" (dict "Values" $.Values "Release" $.Release "Chart" $.Chart "name" $name "guardrail" $guardrail) | indent 4 | trim }}
{{- end }}
{{ end -}}
