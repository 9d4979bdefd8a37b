{{/*
network-policy.internal.calicostaged.words.needs: that nothing is enforced, and what the cluster needs, for NOTES.txt.

Input   context   as network-policy.policy.notes
        types     the policy types
Output  plain text
*/}}
{{- define "network-policy.internal.calicostaged.words.needs" -}}
Nothing is enforced: this release limits no pod, and other policies count as before. Calico 3.30 or later shows in its
flow logs (Goldmane, Whisker) which connections the policy would deny. To enforce it, write another dialect.
{{- end -}}
