{{/*
network-policy.internal.check.unmanaged: labels and annotations that make Helm, Argo CD, Flux or kustomize not create,
not update, or delete an object. The compiler's model/management.py has the reasons and the sources.

Input   anything
Output  the keys as a JSON list, sorted; a test compares it with the compiler's
*/}}
{{- define "network-policy.internal.check.unmanaged" -}}
["argocd.argoproj.io/hook","argocd.argoproj.io/hook-delete-policy","config.kubernetes.io/local-config","helm.sh/hook","helm.sh/hook-delete-policy","kustomize.toolkit.fluxcd.io/reconcile","kustomize.toolkit.fluxcd.io/ssa"]
{{- end -}}
