{{/*
network-policy.internal.render.dialect: the dialect of the policies. This is the only switch between dialects. A dialect
has these defines, in a folder of its own name in each place:

  internal.render.<dialect>.policy       all documents of one policy, as network-policy.internal.render.policy
  internal.render.<dialect>.named-rule   a dependency or caller that several services of a batch share; input as that of
                                         network-policy.internal.render.networkpolicy.named-rule
  internal.check.<dialect>.values        what only this dialect refuses
  internal.check.<dialect>.named-rule    checks a dependency or caller
  internal.words.<dialect>.rule          a dependency or caller in words, for NOTES.txt
  internal.words.<dialect>.kind          the kind of the policy, for NOTES.txt
  internal.words.<dialect>.needs         what the cluster needs, for NOTES.txt
  internal.words.<dialect>.show          the commands that show the policies, for NOTES.txt

Input   the root context, or a dict with its Values
Output  the name of the dialect's folders
Needs   network-policy.internal.check.dialect found nothing
*/}}
{{- define "network-policy.internal.render.dialect" -}}
{{- $kind := ((.Values.networkPolicy | default dict).dialect | default dict).kind | default "NetworkPolicy" }}
{{- index (dict "NetworkPolicy" "networkpolicy" "Cilium" "cilium") $kind }}
{{- end -}}
