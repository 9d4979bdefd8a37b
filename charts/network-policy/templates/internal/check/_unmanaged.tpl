{{/*
network-policy.internal.check.unmanaged: labels and annotations with which Helm, Argo CD, Flux or kustomize would not create or
update an object, or would remove it. The compiler's model/management.py says why and names the sources.

Input   anything
Output  the keys as a JSON list, sorted; a test compares it with the compiler's
*/}}
{{- define "network-policy.internal.check.unmanaged" -}}
["argocd.argoproj.io/hook","argocd.argoproj.io/hook-delete-policy","config.kubernetes.io/local-config","helm.sh/hook","helm.sh/hook-delete-policy","kustomize.toolkit.fluxcd.io/reconcile","kustomize.toolkit.fluxcd.io/ssa"]
{{- end -}}
