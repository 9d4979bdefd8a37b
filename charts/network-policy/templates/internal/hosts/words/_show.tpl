{{/*
network-policy.internal.hosts.words.show: the commands that show the NetworkPolicies and the policies for hosts, for
NOTES.txt.

Input   context   as network-policy.policy.notes
        names     list of the names of the NetworkPolicies
        kind      the kind of the policies for hosts, as kubectl takes it; empty if there are none
Output  one line, or two if a dependency has hosts
*/}}
{{- define "network-policy.internal.hosts.words.show" -}}
{{- $context := .context }}
{{- $settings := $context.Values.networkPolicy }}
{{- $named := list }}
{{- if include "network-policy.internal.hosts.check.has-hosts" $settings.dependencies }}
{{- $named = append $named (include "network-policy.internal.render.second-name" (dict "context" $context "suffix" "hosts")) }}
{{- end }}
{{- range $key, $optIn := $settings.optIns }}
{{- if include "network-policy.internal.hosts.check.has-hosts" ($optIn | default dict).dependencies }}
{{- $renamed := dict "fullnameOverride" (printf "%s-%s" (include "network-policy.policy.name" $context) $key) }}
{{- $own := dict "Values" $renamed "Release" $context.Release "Chart" $context.Chart }}
{{- $named = append $named (include "network-policy.internal.render.second-name" (dict "context" $own "suffix" "hosts")) }}
{{- end }}
{{- end -}}
kubectl describe networkpolicy {{ join " " .names }} --namespace {{ $context.Release.Namespace }}
{{- if and $named .kind }}
kubectl describe {{ .kind }} {{ join " " $named }} --namespace {{ $context.Release.Namespace }}
{{- end }}
{{- end -}}
