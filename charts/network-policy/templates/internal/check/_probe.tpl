{{/*
network-policy.internal.check.probe: what is wrong with networkPolicy.probe in itself.

What becomes an argument of a probing pod is looked at closely: a line break would forge a line of its report, a hyphen
in front an option.

Input   the settings, or nil
Output  as network-policy.internal.check.values
*/}}
{{- define "network-policy.internal.check.probe" -}}
{{- if kindIs "map" . }}
{{- range $key, $_ := omit . "enabled" "image" "timeoutSeconds" "attempts" "settleSeconds" "dnsName" "podLabels" "control" "imagePullSecrets" "connections" }}
.{{ $key }}: no such key; write enabled, image, timeoutSeconds, attempts, settleSeconds, dnsName, podLabels, control, imagePullSecrets or connections
{{- end }}
{{- if not (has (kindOf .enabled) (list "bool" "invalid")) }}
.enabled: {{ .enabled | toJson | trunc 80 }} is neither true nor false; write one of them without quotes
{{- end }}
{{- range $key, $range := dict "timeoutSeconds" (list 1 60) "attempts" (list 1 10) "settleSeconds" (list 0 300) }}
{{- $number := index $ $key }}
{{- if not (or (kindIs "invalid" $number) (and (not (kindIs "string" $number)) (eq (print $number) (print (int $number))) (ge (int $number) (first $range)) (le (int $number) (last $range)))) }}
.{{ $key }}: {{ $number | toJson | trunc 80 }} is not in {{ first $range }}..{{ last $range }}; write a whole number without quotes
{{- end }}
{{- end }}
{{- if not (or (kindIs "invalid" .image) (and (kindIs "string" .image) (regexMatch "^[!-~]+$" (toString .image)))) }}
.image: {{ .image | toJson | trunc 80 }} is not an image; write its name and tag
{{- end }}
{{- if not (or (kindIs "invalid" .dnsName) (and (kindIs "string" .dnsName) (regexMatch "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$" (toString .dnsName)))) }}
.dnsName: {{ .dnsName | toJson | trunc 80 }} is not a DNS name; write one in full
{{- end }}
{{- if not (kindIs "invalid" .podLabels) }}
{{- with include "network-policy.internal.check.strings" .podLabels }}
{{- replace "\n" "\n.podLabels" . }}
{{- end }}
{{- end }}
{{- with include "network-policy.internal.check.probe-control" .control }}
{{- replace "\n" "\n.control" . }}
{{- end }}
{{- if not (has (kindOf .imagePullSecrets) (list "slice" "invalid")) }}
.imagePullSecrets: {{ .imagePullSecrets | toJson | trunc 80 }} is not a list; write each Secret after a hyphen
{{- else }}
{{- range $index, $secret := .imagePullSecrets }}
{{- if not (and (kindIs "map" $secret) (eq (toJson (dict "name" (toString (index ($secret | default dict) "name")))) (toJson $secret))) }}
.imagePullSecrets[{{ $index }}]: {{ $secret | toJson | trunc 80 }} is not a reference; write name and the name of the Secret
{{- end }}
{{- end }}
{{- end }}
{{- if not (has (kindOf .connections) (list "map" "invalid")) }}
.connections: {{ .connections | toJson | trunc 80 }} is not a map; write a key for each connection, and expect, host and port below it
{{- else }}
{{- range $key, $connection := .connections }}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" $key) }}
.connections: {{ $key | toJson | trunc 80 }} is no key of a connection; write lower-case letters, digits and hyphens
{{- else if not (kindIs "invalid" $connection) }}
{{- with include "network-policy.internal.check.probe-connection" $connection }}
{{- replace "\n" (printf "\n.connections.%s" $key) . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- else if not (kindIs "invalid" .) }}
: {{ . | toJson | trunc 80 }} is not a map; write enabled and connections below it
{{- end }}
{{- end -}}
