{{/*
network-policy.internal.calico.words.needs: what else can allow more, and what the cluster needs, for NOTES.txt.

Input   context   as network-policy.policy.notes
        types     the policy types
Output  plain text
*/}}
{{- define "network-policy.internal.calico.words.needs" -}}
Policies add up: another NetworkPolicy for {{ if .context.isNamespace }}some of {{ end }}these pods can allow more. Policies of Calico in an
earlier tier, or with a lower order, can allow or deny before it.
The cluster needs Calico with its API server, or with its own custom resources of projectcalico.org/v3.
{{- end -}}
