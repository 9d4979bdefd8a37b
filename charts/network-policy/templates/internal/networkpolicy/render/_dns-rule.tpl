{{/*
network-policy.internal.networkpolicy.render.dns-rule: the DNS rule of a profile, from validated values.

Where the labels and addresses come from:
  kube-dns          k8s-app=kube-dns in kube-system: kubeadm, EKS, GKE, AKS, also with CoreDNS (kubernetes
                    cluster/addons/dns)
  k8s-app-coredns   k8s-app=coredns in kube-system: the CoreDNS chart as a cluster service (github.com/coredns/helm),
                    Canonical Kubernetes
  nodelocal         NodeLocal DNSCache runs in the host network, which no pod selector matches: its link-local
                    address, and kube-dns behind it (kubernetes cluster/addons/dns/nodelocaldns)
  openshift         the DNS operator's daemon set: its pods listen on 5353, and policies apply to the pod's port

Input   map or nil   as network-policy.egress.dns
Output  one element of spec.egress with a comment; only the comment for the profile none
Needs   network-policy.internal.check.dns found nothing
*/}}
{{- define "network-policy.internal.networkpolicy.render.dns-rule" -}}
{{- $profile := (. | default dict).profile | default "kube-dns" }}
{{- $port := 53 -}}
# DNS: {{ $profile }}
{{- if ne $profile "none" }}
- to:
    {{- if eq $profile "custom" }}
    {{- include "network-policy.internal.networkpolicy.render.peers" .to | nindent 4 }}
    {{- else if eq $profile "any" }}
    - namespaceSelector: {}
    - ipBlock:
        cidr: 0.0.0.0/0
    - ipBlock:
        cidr: ::/0
    {{- else if eq $profile "openshift" }}
    {{- $port = 5353 }}
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: openshift-dns
      podSelector:
        matchLabels:
          dns.operator.openshift.io/daemonset-dns: default
    {{- else }}
    {{- if eq $profile "nodelocal" }}
    - ipBlock:
        cidr: 169.254.20.10/32
    {{- end }}
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: {{ eq $profile "k8s-app-coredns" | ternary "coredns" "kube-dns" }}
    {{- end }}
  ports:
    {{- if eq $profile "custom" }}
    {{- include "network-policy.internal.networkpolicy.render.ports" .ports | nindent 4 }}
    {{- else }}
    - protocol: UDP
      port: {{ $port }}
    - protocol: TCP
      port: {{ $port }}
    {{- end }}
{{- end }}
{{- end -}}
