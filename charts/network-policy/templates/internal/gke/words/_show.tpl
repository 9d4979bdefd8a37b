{{/*
network-policy.internal.gke.words.show: the commands that show the policies, for NOTES.txt.

Input   context   as network-policy.policy.notes
        names     list of the names of the policies
Output  as network-policy.internal.hosts.words.show
*/}}
{{- define "network-policy.internal.gke.words.show" -}}
{{- template "network-policy.internal.hosts.words.show" (dict "context" .context "names" .names "kind" "fqdnnetworkpolicies.networking.gke.io") }}
{{- end -}}
