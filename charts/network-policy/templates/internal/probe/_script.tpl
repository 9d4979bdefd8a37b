{{/*
network-policy.internal.probe.script: the script of a probe pod, for any POSIX shell.

It writes TAP 14, and succeeds if no line is `not ok`. network-policy.internal.probe.arguments gives its arguments; the
script never evaluates them. It uses backquotes, because Kubernetes replaces `$(` and `$$`, and only ASCII, because
Kubernetes replaces the byte after any other `$`.

The nc can be that of BusyBox, OpenBSD, Nmap (ncat) or the traditional one, so the script reads its usage:
- -z closes a connection as soon as it is established. The nc of Debian's BusyBox lacks it, but can run a program
  then (-e); its timeout for connecting (-w) includes the name lookup.
- -vv, because the nc of BusyBox does not print "refused" with less.
- With UDP, only an answer counts. nc ends when nothing more arrives, Nmap's only with -i; and it ends with its input.
- The name lookup has no timeout: otherwise a dead DNS would look like a silent peer.

Input   anything
Output  the script
*/}}
{{- define "network-policy.internal.probe.script" -}}
role=$1 name=$2 seconds=$3 attempts=$4 settle=$5 lookup=$6
shift 6
# report STATE TEXT: a line of TAP
report() {
  number=`expr "$number" + 1`
  printf '%s %s - %s\n' "$1" "$number" "$2"
  if [ "$1" != ok ]; then failed=1; fi
}
resolves() {
  case `nslookup "$name" 2>&1 </dev/null` in *Name:*) return 0 ;; esac
  return 1
}
# datagram PORT: a request that servers answer: NTP on port 123, otherwise a DNS query for the root.
datagram() {
  if [ "$1" = 123 ]; then
    printf '\043%047d' 0 | tr 0 '\000'
  else
    printf '\145\147\001\000\000\001\000\000\000\000\000\000\000\000\002\000\001'
  fi
}
# try PROTOCOL HOST PORT: prints the result of one connection
try() {
  idle= hold=0
  case $1:$usage in
    TCP:*-z*)
      if said=`nc -vv -z -w "$seconds" "$2" "$3" 2>&1 </dev/null`; then echo answered; return; fi ;;
    TCP:*)
      if said=`nc -w "$seconds" "$2" "$3" -e true 2>&1 </dev/null`; then echo answered; return; fi
      case $said:$dns:$2 in *'timed out:dead:'*:*) ;; *'timed out:dead:'*[!0-9.]*) echo unresolved; return ;; esac ;;
    UDP:*UDP*)
      case $usage in *Ncat*) idle="-i $seconds" hold=$seconds ;; esac
      said=`{ { datagram "$3"; sleep "$hold"; } | nc -u -w "$seconds" $idle "$2" "$3" 2>&3 | wc -c; } 3>&1`
      case ${said##*[!0-9]} in *[1-9]*) echo answered; return ;; esac ;;
    *) echo untried; return ;;
  esac
  # Phrases with spaces: a host name cannot contain them.
  case $said in
    *'onnection refused'*) echo refused ;;
    *'bad address '*|*'getaddrinfo for host'*|*'ould not resolve'*|*'forward host lookup failed'*) echo unresolved ;;
    *'sage: '*|*'invalid option '*) echo untried ;;
    *) echo silent ;;
  esac
}
# judge KEY EXPECT PROTOCOL HOST PORT
judge() {
  state=ok skip= why=
  case $role:$2:$3:$observed:$lookup-$dns in
    subject:deny:*:answered:*) state='not ok' why='the connection is open' ;;
    *:answered:*) ;;
    *:untried:*) skip=" # SKIP this nc cannot try $3" ;;
    subject:deny:*:unresolved:none-dead) skip=' # SKIP the name does not resolve, so nothing was tried' ;;
    subject:*:unresolved:*) state='not ok' why='the name does not resolve, so nothing was tried' ;;
    subject:*:UDP:*) skip=' # SKIP silence over UDP proves nothing' ;;
    subject:deny:*) ;;
    subject:*) state='not ok' why='the policy should let it through' ;;
    *:deny:TCP:*) state='not ok' why='nobody answers the control either: the denial proves nothing' ;;
    *) skip=' # SKIP nobody answers the control either' ;;
  esac
  report "$state" "$2 $1: $4 $5/$3: $observed$skip"
  printf '  ---\n  key: %s\n  observed: %s\n  attempts: %s\n' "$1" "$observed" "$tried"
  if [ -n "$why" ]; then printf '  message: "%s"\n' "$why"; fi
  echo '  ...'
}
echo 'TAP version 14'
echo "1..`expr $# / 5 + 1`"
number=0 failed=0
if ! command -v nc >/dev/null; then echo 'Bail out! this image has no nc'; exit 1; fi
usage=`nc -h 2>&1 </dev/null`
sleep "$settle"
dns=dead tried=1
until resolves && dns=alive || [ "$tried" = "$attempts" ]; do
  tried=`expr "$tried" + 1`
  sleep 1
done
case $dns:$lookup in
  alive:*) report ok "DNS: $name resolves" ;;
  *:none) report ok "DNS: $name does not resolve # SKIP the policy has no rule for DNS" ;;
  *) report 'not ok' "DNS: $name does not resolve" ;;
esac
while [ $# -ge 5 ]; do
  tried=1
  while :; do
    observed=`try "$3" "$4" "$5"`
    case $observed:$dns in answered:*|untried:*|unresolved:dead) break ;; esac
    if [ "$tried" = "$attempts" ]; then break; fi
    tried=`expr "$tried" + 1`
    sleep 1
  done
  judge "$1" "$2" "$3" "$4" "$5"
  shift 5
done
[ "$failed" = 0 ]
{{- end -}}
