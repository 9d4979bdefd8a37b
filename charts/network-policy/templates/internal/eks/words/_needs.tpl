{{/*
network-policy.internal.eks.words.needs: what else can allow more, and what the cluster needs, for NOTES.txt.

Input   context   as network-policy.policy.notes
        types     the policy types
Output  plain text
*/}}
{{- define "network-policy.internal.eks.words.needs" -}}
Policies add up: another NetworkPolicy or ApplicationNetworkPolicy for {{ if .context.isNamespace }}some of {{ end }}these pods can allow more.
The cluster needs its network policy controller, which is off unless the ConfigMap amazon-vpc-cni in kube-system says
enable-network-policy-controller: "true". Without it, policies are accepted and let everything through.
Rules for host names need nodes of EKS Auto Mode, and allow nothing on others. They allow the addresses that the
cluster's DNS gave the pods for these names.
{{- end -}}
