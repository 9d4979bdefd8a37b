{{/*
network-policy.internal.cilium.words.needs: what else can allow more, and what the cluster needs, for NOTES.txt.

Input   context   as network-policy.policy.notes
        types     the policy types
Output  plain text
*/}}
{{- define "network-policy.internal.cilium.words.needs" -}}
Policies add up: another NetworkPolicy or CiliumNetworkPolicy for {{ if .context.isNamespace }}some of {{ end }}these pods can allow more.
The cluster needs Cilium {{ .context.Values.networkPolicy.dialect.version }}. Rules for host names also need its DNS proxy, which is on unless l7Proxy is false.
They allow the addresses that the cluster's DNS gave the pods for these names.
{{- end -}}
