{{/*
network-policy.internal.guardrails.check.opened: checks that a rule allows nothing that a guardrail denies.

Both are compared exactly: labels key by key, networks bit by bit, ports by their numbers. So it refuses a rule exactly
if some connection can exist that the rule allows and the guardrail denies, with four exceptions. A named port can be
any number of its protocol. Pods that need labels of both, one of each alone, are not refused. Several exceptions of a
network count each alone, not together. And nobody knows which addresses a host has: where rules name hosts, `hosts`
meet a guardrail that denies more than half of all addresses of a family; `entities` meet none.

Input   rule        a dependency, caller, DNS rule or extra rule
        peers       `to` or `from`
        dialect     networkPolicy.dialect
        denied      the output of network-policy.internal.guardrails.check.denied
        isProfile   true for the rule of a DNS profile, which has no path of its own
Output  as network-policy.internal.check.values
Needs   the other checks found nothing in the rule
*/}}
{{- define "network-policy.internal.guardrails.check.opened" -}}
{{- $kind := (.dialect | default dict).kind | default "NetworkPolicy" }}
{{- $peers := index .rule .peers }}
{{- $verb := eq .peers "to" | ternary "opens" "lets in" }}
{{- $needs := printf "or add it to except%s of the guardrail in the project file" (title .peers) }}
{{- range $index, $peer := $peers }}
{{- if $peer.ipBlock }}
{{- $bits := include "network-policy.internal.check.network" $peer.ipBlock.cidr }}
{{- if or (not $bits) (hasPrefix (printf "6%s%s" (repeat 80 "0") (repeat 16 "1")) $bits) }}
.{{ $.peers }}[{{ $index }}].ipBlock.cidr: {{ $peer.ipBlock.cidr | toJson | trunc 80 }} cannot be compared with the guardrails; write an IPv4 or IPv6 network, such as 203.0.113.0/24
{{- end }}
{{- end }}
{{- end }}
{{- range $denial := index .denied .peers }}
{{- with include "network-policy.internal.guardrails.check.shared-port" (dict "rule" $.rule "denied" $denial.ports) }}
{{- $end := printf "on %s, which a guardrail denies (%s)" . $denial.guardrail }}
{{- if and (has $kind (list "Cilium" "EKS" "GKE")) (eq $.peers "to") $.rule.hosts }}
{{- if $denial.isInternet }}
.hosts: opens the addresses of {{ first $.rule.hosts }} {{ $end }}; remove the hosts, {{ $needs }}
{{- end }}
{{- else if and (or (eq $kind "Cilium") (and (eq $kind "Calico") (eq $.peers "to"))) $.rule.entities }}
{{- else if not $peers }}
{{- $opens := include "network-policy.internal.guardrails.check.shared-peer" (dict "peer" (dict "namespaceSelector" dict) "denial" $denial "namespaceLabels" $.denied.namespaceLabels) | fromJson }}
{{- with $opens.opens | default ($denial.networks | first | default dict).cidr }}
: {{ $verb }} {{ . }} {{ $end }}; write peers without it below {{ $.peers }}, {{ $needs }}
{{- end }}
{{- else }}
{{- range $index, $peer := $peers }}
{{- $path := printf ".%s[%d]" $.peers $index }}
{{- with include "network-policy.internal.guardrails.check.shared-peer" (dict "peer" $peer "denial" $denial "namespace" $.denied.namespace "namespaceLabels" $.denied.namespaceLabels) }}
{{- $shared := fromJson . }}
{{- $repair := $shared.repair }}
{{- if $.isProfile }}
{{- $path = "" }}
{{- $repair = "write another profile" }}
{{- end }}
{{ $path }}: {{ $verb }} {{ $shared.opens }} {{ $end }}; {{ $repair }}, {{ $needs }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
