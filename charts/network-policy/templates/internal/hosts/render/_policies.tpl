{{/*
network-policy.internal.hosts.render.policies: the NetworkPolicy of one service or namespace, and the policy for its
hosts, from validated values: for dialects with a kind of their own for hosts. Both add up, so the NetworkPolicy has no
rule for a dependency with hosts.

Input   context       as network-policy.internal.render.policy; in a batch as
                      network-policy.internal.cilium.render.policy
        dialect       the folder of the dialect
        apiVersion    of the policy for hosts
        kind          of the policy for hosts; empty if there is none
        policyTypes   optional: list, for a kind that has them
        spec          optional: name of the define of its spec; by default network-policy.internal.hosts.render.spec
Output  one YAML document, or two if a dependency has hosts
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.hosts.render.policies" -}}
{{- $named := dict }}
{{- $others := dict }}
{{- range $key, $dependency := .context.Values.networkPolicy.dependencies }}
{{- $rule := $dependency }}
{{- if kindIs "string" $dependency }}
{{- $rule = (index $.context.sources $dependency).rule }}
{{- end }}
{{- if $rule }}
{{- $_ := set (empty $rule.hosts | ternary $others $named) $key $dependency }}
{{- end }}
{{- end }}
{{- $own := omit .context.Values.networkPolicy "dependencies" }}
{{- $_ := set $own "dependencies" $others }}
{{- $plain := dict "nameOverride" .context.Values.nameOverride "fullnameOverride" .context.Values.fullnameOverride "networkPolicy" $own }}
{{- template "network-policy.internal.networkpolicy.render.policy" (dict "Values" $plain "Release" .context.Release "Chart" .context.Chart "isNamespace" .context.isNamespace "isOptIn" .context.isOptIn "rules" .context.rules) }}
{{- if and $named .kind }}
{{- $name := include "network-policy.internal.render.second-name" (dict "context" .context "suffix" "hosts") }}
{{- $renamed := dict "nameOverride" .context.Values.nameOverride "fullnameOverride" $name "networkPolicy" $own -}}
---
apiVersion: {{ .apiVersion }}
kind: {{ .kind }}
metadata:
  {{- include "network-policy.internal.render.metadata" (dict "Values" $renamed "Release" .context.Release "Chart" .context.Chart) | nindent 2 }}
spec:
  {{- include (.spec | default "network-policy.internal.hosts.render.spec") (dict "context" .context "dialect" .dialect "policyTypes" .policyTypes "named" $named) | nindent 2 }}
{{ end }}
{{- end -}}
