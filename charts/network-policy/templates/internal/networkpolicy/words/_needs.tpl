{{/*
network-policy.internal.networkpolicy.words.needs: what else can allow more, and what the cluster needs, for NOTES.txt.

Input   context   as network-policy.policy.notes
        types     the policy types
Output  plain text
*/}}
{{- define "network-policy.internal.networkpolicy.words.needs" -}}
Policies add up: another NetworkPolicy for {{ if .context.isNamespace }}some of {{ end }}these pods can allow more.
The cluster needs a network plugin (CNI) that enforces {{ join " and " .types | lower }} policies. One that does not accepts this policy and lets
everything through.
{{- end -}}
