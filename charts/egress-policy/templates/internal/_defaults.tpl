{{/*
egress-policy.internal.defaults: networkPolicy of this chart's values.yaml. Helm hands it to a chart that takes the library
under `egress-policy`, where people put a subchart's values by habit; the library reads the top of the values.

Input   anything
Output  JSON, keys sorted; a test compares it with values.yaml
*/}}
{{- define "egress-policy.internal.defaults" -}}
{"commonAnnotations":{},"commonLabels":{},"dependencies":{},"dns":{"profile":"kube-dns"},"egress":[],"enabled":true}
{{- end -}}
