{{/*
network-policy.egress.dns: the rule that lets a service resolve names, for one DNS profile.

Input   profile   kube-dns (when absent), k8s-app-coredns, nodelocal, openshift, any, custom or none
        to        list of NetworkPolicyPeer, for custom alone
        ports     list of NetworkPolicyPort, for custom alone
Output  one element of spec.egress under a comment: UDP and TCP, naming its peer; the comment alone for none
Fails   when the profile is unknown or custom has nothing to reach
*/}}
{{- define "network-policy.egress.dns" -}}
{{- with include "network-policy.internal.check.dns" . }}
{{- fail (replace "\n" "\ndns" .) }}
{{- end }}
{{- template "network-policy.internal.render.dns-rule" . }}
{{- end -}}
