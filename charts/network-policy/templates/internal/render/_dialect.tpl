{{/*
network-policy.internal.render.dialect: the dialect of the policies. This is the only switch between dialects. A dialect
has these defines, in one folder of its name:

  internal.<dialect>.render.policy       all documents of one policy, as network-policy.internal.render.policy
  internal.<dialect>.render.named-rule   a dependency or caller that several services of a batch share; input as that of
                                         network-policy.internal.networkpolicy.render.named-rule
  internal.<dialect>.check.values        what only this dialect refuses
  internal.<dialect>.check.named-rule    checks a dependency or caller
  internal.<dialect>.words.rule          a dependency or caller in words, for NOTES.txt
  internal.<dialect>.words.kind          the kind of the policy, for NOTES.txt
  internal.<dialect>.words.needs         what the cluster needs, for NOTES.txt
  internal.<dialect>.words.show          the commands that show the policies, for NOTES.txt

Input   the root context, or a dict with its Values
Output  the name of the dialect's folder
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.render.dialect" -}}
{{- $kind := ((.Values.networkPolicy | default dict).dialect | default dict).kind | default "NetworkPolicy" }}
{{- index (dict "NetworkPolicy" "networkpolicy" "Cilium" "cilium" "EKS" "eks" "GKE" "gke" "Istio" "istio" "Calico" "calico" "CalicoStaged" "calicostaged") $kind }}
{{- end -}}
