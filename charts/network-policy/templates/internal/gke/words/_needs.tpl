{{/*
network-policy.internal.gke.words.needs: what else can allow more, and what the cluster needs, for NOTES.txt.

Input   context   as network-policy.policy.notes
        types     the policy types
Output  plain text
*/}}
{{- define "network-policy.internal.gke.words.needs" -}}
Policies add up: another NetworkPolicy or FQDNNetworkPolicy for {{ if .context.isNamespace }}some of {{ end }}these pods can allow more.
The cluster needs a network plugin (CNI) that enforces {{ join " and " .types | lower }} policies. One that does not accepts this policy and lets
everything through. Rules for host names need GKE Dataplane V2 with --enable-fqdn-network-policy, and kube-dns or
Cloud DNS. They allow the addresses that the cluster's DNS gave the pods for these names.
{{- end -}}
