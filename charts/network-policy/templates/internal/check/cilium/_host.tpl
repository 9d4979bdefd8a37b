{{/*
network-policy.internal.check.cilium.host: checks a name outside the cluster. A name of a Service would open nothing:
Cilium knows what is behind it as pods, not as addresses.

Input   host      string; `*.` in front stands for one label, `**.` for one or more
        dialect   networkPolicy.dialect
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.cilium.host" -}}
{{- $host := toString .host }}
{{- $domain := .dialect.clusterDomain | default "cluster.local" | toString }}
{{- $label := "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?" }}
{{- if or (not (regexMatch (printf "^(\\*\\*?\\.)?(%s\\.)+([0-9][-0-9]*)?[a-z]([-a-z0-9]*[a-z0-9])?$" $label) $host)) (regexMatch "[^.]{64}" $host) (gt (len $host) 253) }}
: {{ .host | toJson | trunc 80 }} is not a host; write a DNS name of two or more labels in lower case, with *. in front for one more label or **. for one or more
{{- else if or (hasSuffix ".svc" $host) (hasSuffix ".svc.cluster.local" $host) (hasSuffix (printf ".svc.%s" $domain) $host) (has $host (list "**.cluster.local" (printf "**.%s" $domain))) }}
: {{ .host | toJson | trunc 80 }} is the name of a Service in the cluster, and Cilium does not filter these by name; write the pods behind it in `to`
{{- else if and (hasPrefix "**" $host) (include "network-policy.internal.check.cilium.version" (dict "dialect" .dialect "minor" 19)) }}
: {{ .host | toJson | trunc 80 }} needs Cilium 1.19 or later, because Cilium {{ .dialect.version }} reads **. as one label; write *. for one label, or each host
{{- end }}
{{- end -}}
