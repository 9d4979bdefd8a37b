{{/*
network-policy.policy.validate: refuses values that would render a wrong or wider policy.

It works without values.schema.json: a chart that includes the library has its own, or none. A schema or the API server
refuses wrong types and impossible numbers or names; none of these opens a service (tests/chart/test_odd_values.py).

`egressc render` skips it for values that the schema accepts (compiler/egressc/helm/batch.py).

Input   the root context, or a dict with its Values (see network-policy.policy)
Output  nothing
Fails   once, with one line per problem: `values.path: what is wrong; what to write`
*/}}
{{- define "network-policy.policy.validate" -}}
{{- with include "network-policy.internal.check.values" . }}
{{- fail . }}
{{- end }}
{{- end -}}
