{{/*
network-policy.internal.hosts.check.host: checks that a host is a name outside the cluster. Behind a name inside are
pods, for which network plugins have no rules by name.

Input   host      string; `*.` in front stands for one label, `**.` for one or more
        dialect   networkPolicy.dialect
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.hosts.check.host" -}}
{{- $host := toString .host }}
{{- $domain := .dialect.clusterDomain | default "cluster.local" | toString }}
{{- $wildcards := index (dict "EKS" "**. in front for one or more labels" "GKE" "*. in front for one more label" "Istio" "no wildcard") .dialect.kind | default "*. in front for one more label or **. for one or more" }}
{{- $label := "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?" }}
{{- if or (not (regexMatch (printf "^(\\*\\*?\\.)?(%s\\.)+([0-9][-0-9]*)?[a-z]([-a-z0-9]*[a-z0-9])?$" $label) $host)) (regexMatch "[^.]{64}" $host) (gt (len $host) 253) }}
: {{ .host | toJson | trunc 80 }} is not a host; write a DNS name of two or more labels in lower case, with {{ $wildcards }}
{{- else if or (hasSuffix ".svc" $host) (hasSuffix ".cluster.local" $host) (hasSuffix (printf ".%s" $domain) $host) }}
: {{ .host | toJson | trunc 80 }} is a name inside the cluster, and {{ .dialect.kind }} does not filter these by name; remove it, and write the pods behind it in `to` of another dependency
{{- end }}
{{- end -}}
