{{/*
network-policy.internal.check.defaults: networkPolicy of this chart's values.yaml. Helm hands it to a chart that takes the library
under `network-policy`, where people put a subchart's values by habit; the library reads the top of the values.

Input   anything
Output  JSON, keys sorted; a test compares it with values.yaml
*/}}
{{- define "network-policy.internal.check.defaults" -}}
{"commonAnnotations":{},"commonLabels":{},"dependencies":{},"dns":{"profile":"kube-dns"},"egress":[],"enabled":true,"probe":{"attempts":3,"connections":{},"control":{"enabled":true,"podLabels":{}},"dnsName":"kubernetes.default.svc.cluster.local","enabled":false,"image":"busybox:1.37","imagePullSecrets":[],"podLabels":{},"settleSeconds":5,"timeoutSeconds":3}}
{{- end -}}
