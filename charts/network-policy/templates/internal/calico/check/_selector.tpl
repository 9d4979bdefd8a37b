{{/*
network-policy.internal.calico.check.selector: checks that Calico takes a selector as it is meant: some labels are its own, and
it takes no more than 1024 characters.

Input   selector   LabelSelector, or nil
        isOfPeer   whether it selects the pods at the other end of a rule
Output  as network-policy.internal.check.values
Needs   network-policy.internal.check.strict-selector found nothing
*/}}
{{- define "network-policy.internal.calico.check.selector" -}}
{{- if kindIs "map" .selector }}
{{- $tested := list }}
{{- range $key, $_ := .selector.matchLabels }}
{{- $tested = append $tested $key }}
{{- end }}
{{- range .selector.matchExpressions }}
{{- $tested = append $tested .key }}
{{- end }}
{{- range $key := $tested }}
{{- if or (hasPrefix "pcns." $key) (hasPrefix "pcsa." $key) (hasPrefix "projectcalico.org/" $key) }}
: the label {{ $key }} is a name that Calico gives to something else; write another label
{{- end }}
{{- end }}
{{- if gt (len (include (printf "network-policy.internal.calico.render.%s" (.isOfPeer | default false | ternary "pods" "selector")) .selector)) 1024 }}
: is longer than 1024 characters as a selector of Calico; write fewer labels or values
{{- end }}
{{- end }}
{{- end -}}
