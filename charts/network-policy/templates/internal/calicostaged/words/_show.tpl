{{/*
network-policy.internal.calicostaged.words.show: the command that shows the policies, for NOTES.txt.

Input   context   as network-policy.policy.notes
        names     list of the names of the policies
Output  one line
*/}}
{{- define "network-policy.internal.calicostaged.words.show" -}}
kubectl describe stagedkubernetesnetworkpolicies.projectcalico.org {{ join " " .names }} --namespace {{ .context.Release.Namespace }}
{{- end -}}
