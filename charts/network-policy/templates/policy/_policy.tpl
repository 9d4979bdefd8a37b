{{/*
network-policy.policy: the whole policy of one service. A chart needs only this one include.

Input   the root context, or a dict with these parts of it:
        Values              nameOverride, fullnameOverride, networkPolicy: the values contract of the README; all
                            optional
        Release             Name, Namespace, Service
        Chart               Name, Version; optionally AppVersion and IsRoot
Output  one YAML document that starts with `---`, or two: for Cilium with extra rules, for EKS and GKE with hosts.
        Nothing if networkPolicy.enabled is false
Fails   with every problem of the values, before anything is rendered
*/}}
{{- define "network-policy.policy" -}}
{{- if include "network-policy.internal.render.enabled" . }}
{{- template "network-policy.policy.validate" . }}
{{- template "network-policy.internal.render.policy" . }}
{{- end }}
{{- end -}}
