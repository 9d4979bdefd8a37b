{{/*
network-policy.internal.calico.words.show: the commands that show the policies, for NOTES.txt.

Input   context   as network-policy.policy.notes
        names     list of the names of the policies
Output  one line, or two if there are extra rules
*/}}
{{- define "network-policy.internal.calico.words.show" -}}
{{- $settings := .context.Values.networkPolicy -}}
kubectl describe networkpolicies.projectcalico.org {{ join " " .names }} --namespace {{ .context.Release.Namespace }}
{{- if or $settings.egress $settings.ingress }}
kubectl describe networkpolicies.networking.k8s.io {{ include "network-policy.internal.render.second-name" (dict "context" .context "suffix" "extra") }} --namespace {{ .context.Release.Namespace }}
{{- end }}
{{- end -}}
