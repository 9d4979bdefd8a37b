{{/*
network-policy.policy.validate: refuse values that would render a wrong or wider policy.

Needs no values.schema.json: a chart that takes the library has its own, or none. Arithmetic on addresses (an `except`
outside its `cidr`) is left to the API server and to `egressc check`.

`egressc render` does not ask here for values that the schema of the models accepts: what is refused here and not there,
such as a range of ports that falls, it has to know as well (compiler/egressc/helm/batch.py; tests/helm/test_own_chart.py).

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  nothing
Fails   once, with one line for each problem: `values.path: what is wrong; what to write`
*/}}
{{- define "network-policy.policy.validate" -}}
{{- with include "network-policy.internal.check.values" . }}
{{- fail . }}
{{- end }}
{{- end -}}
