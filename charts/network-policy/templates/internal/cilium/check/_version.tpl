{{/*
network-policy.internal.cilium.check.version: whether Cilium is older than a version of 1.x.

Input   dialect   networkPolicy.dialect
        minor     the second number of that version
Output  "true", or nothing; nothing for a malformed version, which network-policy.internal.cilium.check.values reports
*/}}
{{- define "network-policy.internal.cilium.check.version" -}}
{{- $version := toString .dialect.version }}
{{- if regexMatch "^[0-9]{1,3}\\.[0-9]{1,3}$" $version }}
{{- $parts := splitList "." $version }}
{{- if lt (add (mul 1000 (first $parts | atoi)) (last $parts | atoi)) (add 1000 .minor) -}}
true
{{- end }}
{{- end }}
{{- end -}}
