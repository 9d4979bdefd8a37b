{{/*
network-policy.internal.check.dns: checks the profile, and that only `custom` has peers and ports.

Input   profile, to, ports; or nil for the default
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.dns" -}}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "profile" "to" "ports" }}
.{{ $key }}: unknown key; write profile, and for the profile custom also to and ports
{{- end }}
{{- $profile := .profile | default "kube-dns" }}
{{- if not (has $profile (list "kube-dns" "k8s-app-coredns" "nodelocal" "openshift" "any" "custom" "none")) }}
.profile: {{ $profile | toJson | trunc 80 }} is not a DNS profile; write kube-dns (kubeadm, EKS, GKE, AKS), k8s-app-coredns (CoreDNS chart, Canonical Kubernetes), nodelocal, openshift, any, custom or none
{{- else if eq $profile "custom" }}
{{- template "network-policy.internal.check.written" (dict "rule" . "peers" "to") }}
{{- else if or .to .ports }}
{{- range $key := list "to" "ports" }}
{{- if index $ $key }}
.{{ $key }}: belongs only to the profile custom, but the profile is {{ $profile }}; write profile: custom, or remove {{ $key }}
{{- end }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write profile below it
{{- end }}
{{- end -}}
