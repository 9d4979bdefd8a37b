{{/*
network-policy.internal.check.network: the bits that all addresses of a network share.

Input   a network such as 203.0.113.0/24 or 2001:db8::/64
Output  4 or 6 for the family, and as many bits as the prefix is long: a network is inside another if its output starts
        with that of the other. Nothing for anything else
*/}}
{{- define "network-policy.internal.check.network" -}}
{{- $text := toString . | lower }}
{{- $length := splitList "/" $text | last }}
{{- $address := trimSuffix (printf "/%s" $length) $text }}
{{- $quad := regexFind ":[0-9]+(\\.[0-9]+){3}$" $address | trimPrefix ":" }}
{{- if and $quad (regexMatch "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}$" $quad) }}
{{- /* As ::ffff:192.0.2.1, whose last four bytes are written as those of IPv4. */}}
{{- $bytes := splitList "." $quad }}
{{- $low := printf "%02x%02x:%02x%02x" (index $bytes 0 | atoi) (index $bytes 1 | atoi) (index $bytes 2 | atoi) (index $bytes 3 | atoi) }}
{{- $address = printf "%s%s" (trimSuffix $quad $address) $low }}
{{- $text = printf "%s/%s" $address $length }}
{{- end }}
{{- if regexMatch "^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|/)){4}(3[0-2]|[12]?[0-9])$" $text }}
{{- $bits := "" }}
{{- range splitList "." $address }}
{{- $bits = printf "%s%08b" $bits (atoi .) }}
{{- end }}
{{- trunc (atoi $length) $bits | printf "4%s" }}
{{- else if regexMatch "^([0-9a-f]{0,4}:){2,8}[0-9a-f]{0,4}/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$" $text }}
{{- $halves := splitList "::" $address }}
{{- $groups := list }}
{{- $isWhole := true }}
{{- range $index, $half := $halves }}
{{- if $index }}
{{- $missing := sub (sub 8 (len $groups)) (empty $half | ternary 0 (splitList ":" $half | len)) | int }}
{{- /* `::` stands for one group at least. */}}
{{- $isWhole = ge $missing 1 }}
{{- range until (max 0 $missing | int) }}
{{- $groups = append $groups "0" }}
{{- end }}
{{- end }}
{{- if $half }}
{{- $groups = concat $groups (splitList ":" $half) }}
{{- end }}
{{- end }}
{{- if and $isWhole (le (len $halves) 2) (eq (len $groups) 8) (not (has "" $groups)) }}
{{- $bits := "" }}
{{- range $groups }}
{{- $bits = printf "%s%016b" $bits (printf "0x%s" . | int) }}
{{- end }}
{{- trunc (atoi $length) $bits | printf "6%s" }}
{{- end }}
{{- end }}
{{- end -}}
