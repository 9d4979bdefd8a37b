{{/*
network-policy.internal.probe.pod: one pod that tries connections, within the PodSecurity level `restricted`.

A readiness gate that is never set keeps it out of every Service that selects it.

Input   context   the root context
        role      control or subject; Helm starts the subject once the control has succeeded
Output  one YAML document that starts with `---`
Needs   network-policy.policy.validate has run
*/}}
{{- define "network-policy.internal.probe.pod" -}}
{{- $probe := .context.Values.networkPolicy.probe }}
{{- $selector := include "network-policy.policy.podselector" .context | fromYaml -}}
---
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "network-policy.internal.probe.name" . | include "network-policy.internal.render.string" }}
  namespace: {{ template "network-policy.internal.render.string" .context.Release.Namespace }}
  {{- with include "network-policy.internal.probe.labels" (dict "role" .role "selector" $selector "probe" $probe) }}
  labels:
    {{- . | nindent 4 }}
  {{- end }}
  annotations:
    network-policy/role: {{ .role }}
    helm.sh/hook: test
    helm.sh/hook-weight: {{ eq .role "control" | ternary "0" "1" | quote }}
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  restartPolicy: Never
  activeDeadlineSeconds: {{ include "network-policy.internal.probe.deadline" $probe }}
  terminationGracePeriodSeconds: 0
  automountServiceAccountToken: false
  enableServiceLinks: false
  readinessGates:
    - conditionType: network-policy/never
  # By default a resolver waits 5 seconds and retries, for each name in the search list. Here only the script retries.
  dnsConfig:
    options:
      - name: timeout
        value: {{ $probe.timeoutSeconds | default 3 | int | min 30 | quote }}
      - name: attempts
        value: "1"
  securityContext:
    runAsNonRoot: true
    runAsUser: 65534
    runAsGroup: 65534
    seccompProfile:
      type: RuntimeDefault
  {{- with $probe.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ template "network-policy.internal.render.string" .name }}
    {{- end }}
  {{- end }}
  containers:
    - name: probe
      image: {{ $probe.image | default "busybox:1.37" | include "network-policy.internal.render.string" }}
      command:
        - /bin/sh
        - -c
        - |
          {{- include "network-policy.internal.probe.script" . | nindent 10 }}
        - probe
      args:
        {{- include "network-policy.internal.probe.arguments" (dict "role" .role "dns" .context.Values.networkPolicy.dns "probe" $probe) | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop:
            - ALL
      resources:
        requests:
          cpu: 10m
          memory: 16Mi
        limits:
          cpu: 100m
          memory: 32Mi
{{ end -}}
