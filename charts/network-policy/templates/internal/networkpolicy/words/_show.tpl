{{/*
network-policy.internal.networkpolicy.words.show: the command that shows the policies, for NOTES.txt.

Input   context   as network-policy.policy.notes
        names     list of the names of the policies
Output  one line
*/}}
{{- define "network-policy.internal.networkpolicy.words.show" -}}
kubectl describe networkpolicy {{ join " " .names }} --namespace {{ .context.Release.Namespace }}
{{- end -}}
