{{/*
network-policy.policy.validate: refuse values that would render a wrong or wider policy.

Needs no values.schema.json: a chart that takes the library has its own, or none. Wrong types, and numbers or names that
cannot be, are left to a schema and to the API server; nothing of them opens a service (tests/chart/test_odd_values.py).

`egressc render` does not ask here for values that the schema of the models accepts (compiler/egressc/helm/batch.py).

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  nothing
Fails   once, with one line for each problem: `values.path: what is wrong; what to write`
*/}}
{{- define "network-policy.policy.validate" -}}
{{- with include "network-policy.internal.check.values" . }}
{{- fail . }}
{{- end }}
{{- end -}}
