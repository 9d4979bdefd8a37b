{{/*
network-policy.egress.dns: the rule that allows DNS, for one DNS profile.

Input   profile   kube-dns (the default), k8s-app-coredns, nodelocal, openshift, any, custom or none
        to        list of NetworkPolicyPeer, only for custom
        ports     list of NetworkPolicyPort, only for custom
Output  one element of spec.egress with a comment: UDP and TCP, to a named peer; only the comment for none
Fails   if the profile is unknown, or custom has no peers or ports
*/}}
{{- define "network-policy.egress.dns" -}}
{{- with include "network-policy.internal.check.dns" . }}
{{- fail (replace "\n" "\ndns" .) }}
{{- end }}
{{- template "network-policy.internal.networkpolicy.render.dns-rule" . }}
{{- end -}}
