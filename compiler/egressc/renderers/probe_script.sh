#!/bin/sh
# Tries connections of "@SERVICE@", each a new one, from a pod that its policy guards and from one that it does not.
# Written by `egressc probe @SERVICE@ --script` from @SOURCES@.
#
# Needs kubectl, with the rights that docs/cluster.md names for `egressc probe`. KUBECTL may name another program,
# KUBECONFIG the cluster, TIMEOUT the seconds to wait for the pods. Writes TAP 14; exits with 1 when something is not ok.
# shellcheck disable=SC2016  # what stands in single quotes is for kubectl and awk
set -u
KUBECTL=${KUBECTL:-kubectl}
TIMEOUT=${TIMEOUT:-@TIMEOUT@}
service=@QUOTED_SERVICE@
namespace=@QUOTED_NAMESPACE@
policy=@QUOTED_POLICY@
most_denied=@MOST_DENIED@
strict=@STRICT@
lookup=@LOOKUP@

run=$(date +%H%M%S)-$$
pods=
denied=0
folder=$(mktemp -d) || exit 2
: >"$folder/connections"
: >"$folder/skipped"
: >"$folder/grants"

clean() {
  trap '' HUP INT TERM
  if [ -n "$pods" ]; then
    # shellcheck disable=SC2086  # two names
    kube delete pods -n "$namespace" --ignore-not-found --wait=false $pods >/dev/null
  fi
  rm -rf "$folder"
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

kube() {
  # shellcheck disable=SC2086  # a program, perhaps with words of its own
  $KUBECTL "$@"
}

give_up() {
  printf 'Bail out! %s\n' "$(printf '%s' "$1" | tr '\n' ' ')"
  exit 1
}

# For each ready pod a line: its address, namespace/name, whose network it is on, NAME:NUMBER/PROTOCOL of each port.
ready='{{range .items}}{{$pod := .}}{{range .status.conditions}}{{if and (eq .type "Ready") (eq .status "True")}}'
ready=$ready'{{with $pod}}{{if and .status.podIP (not .metadata.deletionTimestamp)}}'
ready=$ready'{{.status.podIP}} {{.metadata.namespace}}/{{.metadata.name}} {{if .spec.hostNetwork}}host{{else}}own{{end}} '
ready=$ready'{{range .spec.containers}}{{range .ports}}{{with .name}}{{.}}{{end}}:{{.containerPort}}/{{.protocol}},{{end}}{{end}}'
ready=$ready'{{range .spec.initContainers}}{{if .restartPolicy}}{{range .ports}}'
ready=$ready'{{with .name}}{{.}}{{end}}:{{.containerPort}}/{{.protocol}},{{end}}{{end}}{{end}}'
ready=$ready'{{"\n"}}{{end}}{{end}}{{end}}{{end}}{{end}}'

# group NUMBER NAMESPACES SELECTOR: the ready pods of a group. Namespaces are =NAME, a selector, or empty for all.
group() {
  case $2 in
    =*) kube get pods -n "${2#=}" -l "$3" -o "go-template=$ready" ;;
    '') kube get pods --all-namespaces -l "$3" -o "go-template=$ready" ;;
    *)
      for home in $(kube get namespaces -l "$2" -o 'go-template={{range .items}}{{.metadata.name}} {{end}}'); do
        kube get pods -n "$home" -l "$3" -o "go-template=$ready"
      done
      ;;
  esac | LC_ALL=C sort -k 2,2 >"$folder/group.$1"
}

# members NUMBERS: the pods of some groups.
members() {
  for number in $1; do
    cat "$folder/group.$number"
  done
}

# grant GROUPS PROTOCOL PORTS: what a rule of the service opens, in the words of pick.
grant() {
  members "$1" | awk -v protocol="$2" -v ports="$3" '{
    count = split(ports, list, " ")
    for (i = 1; i <= count; i++) print $2, protocol, list[i]
  }' >>"$folder/grants"
}

# pick PROTOCOL PORT OTHERWISE MUST GRANTS: of pods on standard input the address of one and its port; or "-" and why
# not. A PORT is a number, FIRST-LAST, a name, or "*"; OTHERWISE is tried where no pod declares it, unless MUST is
# "must". What GRANTS has is passed over.
pick() {
  awk -v protocol="$1" -v port="$2" -v otherwise="$3" -v must="$4" -v grants="$5" '
    function fits(wanted, name, number,    ends) {
      if (wanted == "*") return 1
      if (wanted ~ /^[0-9]+$/) return number == wanted + 0
      if (wanted ~ /^[0-9]+-[0-9]+$/) { split(wanted, ends, "-"); return number >= ends[1] + 0 && number <= ends[2] + 0 }
      return name != "" && name == wanted
    }
    function granted(pod, name, number,    i, count, list) {
      count = split(open[pod], list, " ")
      for (i = 1; i <= count; i++) if (fits(list[i], name, number)) return 1
      return 0
    }
    BEGIN {
      while ((getline line <grants) > 0) {
        split(line, part, " ")
        if (part[2] == protocol) open[part[1]] = open[part[1]] " " part[3]
      }
    }
    $3 == "host" { hosts = 1; next }
    {
      seen = best = 0
      count = split($4, list, ",")
      for (i = 1; i < count; i++) {
        split(list[i], part, /[:\/]/)
        name = part[1]; number = part[2] + 0
        if (part[3] != protocol || !fits(port, name, number)) continue
        if (!granted($2, name, number) && (!best || number < best)) best = number
        seen = 1
      }
      if (best) { print $1, best; chosen = 1; exit }
      if (first == "" && !seen && !granted($2, "", otherwise + 0)) first = $1
      some = 1
    }
    END {
      if (chosen) exit
      if (first != "" && otherwise != "" && must != "must") print first, otherwise
      else if (some) print "- no ready pod of it declares the port"
      else if (hosts) print "- its pods are on the network of their hosts, where policies by labels do not hold"
      else print "- no pod of it is ready"
    }'
}

# add KEY EXPECT PROTOCOL HOST PORT WORDS
add() {
  printf '%s %s %s %s %s %s\n' "$@" >>"$folder/connections"
}

# skip WORDS WHY
skip() {
  printf '%s # SKIP %s\n' "$1" "$2" >>"$folder/skipped"
}

# allow KEY PROTOCOL PORT OTHERWISE MUST OUTSIDE WORDS GROUPS: what a row or an extra rule grants.
allow() {
  found=$(members "$8" | pick "$2" "$3" "$4" "$5" /dev/null)
  case $found in
    -*) if [ -n "$6" ] && [ -n "$4" ]; then add "$1" allow "$2" "$6" "$4" "$7"; else skip "allow $1: $7" "${found#- }"; fi ;;
    *) add "$1" allow "$2" "${found% *}" "${found#* }" "$7" ;;
  esac
}

# deny KEY PROTOCOL PORT OTHERWISE WORDS GROUPS: what listens in some groups and no rule opens.
deny() {
  if [ "$denied" -ge "$most_denied" ]; then return; fi
  found=$(members "$6" | pick "$2" "$3" "$4" may "$folder/grants")
  case $found in
    -*) return ;;
  esac
  # What a destination declares beside its known ports may be one of them.
  if grep -q "^[^ ]* deny $2 $found " "$folder/connections"; then return; fi
  add "$1" deny "$2" "${found% *}" "${found#* }" "$5"
  denied=$((denied + 1))
}

# fill NAME: a pod with its name, its owner, and what it is to try.
fill() {
  awk -v run="$run" -v uid="$uid" -v arguments="$folder/arguments" '
    /"@CONNECTIONS@"/ {
      while ((getline line <arguments) > 0) { printf "%s\"%s\"", comma, line; comma = ",\n" }
      print ""
      next
    }
    { gsub(/@RUN-OF-PROBE@/, run); gsub(/@UID@/, uid); print }' "$folder/$1" >"$folder/$1.json"
}

# await POD: until it ended.
await() {
  waited=0
  failed_pulls=0
  state='{{.status.phase}}{{with .status.reason}} {{.}}{{end}}{{with .status.message}} {{.}}{{end}}'
  state=$state'{{range .status.containerStatuses}}{{with .state.waiting}} {{.reason}}: {{.message}}{{end}}{{end}}'
  state=$state'{{range .status.conditions}}{{if and (eq .type "PodScheduled") (eq .status "False")}} {{.message}}{{end}}{{end}}'
  while :; do
    now=$(kube get pod -n "$namespace" "$1" -o "go-template=$state") || give_up "pod $1 cannot be looked at"
    case $now in
      Succeeded*|Failed*) return ;;
      *ImagePullBackOff*|*ErrImageNeverPull*|*InvalidImageName*|*CreateContainer*Error*|*RunContainerError*)
        give_up "pod $1 does not come to its end: $now"
        ;;
      *ErrImagePull*) failed_pulls=$((failed_pulls + 1)) ;;
    esac
    if [ "$waited" -ge "$TIMEOUT" ] || [ "$failed_pulls" -gt 20 ]; then give_up "pod $1 does not come to its end: $now"; fi
    sleep 1
    waited=$((waited + 1))
  done
}

# judge SUBJECT CONTROL CONNECTIONS SKIPPED: what the logs of the two pods show, as TAP.
judge() {
  awk -v subject_log="$1" -v control_log="$2" -v connections="$3" -v left_out="$4" -v strict="$strict" \
    -v lookup="$lookup" '
@JUDGE@
  '
}

uid=$(kube get @KIND@ -n "$namespace" "$policy" -o 'go-template={{.metadata.uid}}') ||
  give_up "@KIND@ $namespace/$policy is not there, so nothing guards the service"
kube delete pods -n "$namespace" -l "network-policy/probe=$service" --ignore-not-found --wait=false >/dev/null

@ASKS@

if [ ! -s "$folder/connections" ]; then give_up 'there is nothing to try'; fi
awk '{ for (i = 1; i <= 5; i++) print $i }' "$folder/connections" >"$folder/arguments"

cat >"$folder/control" <<'END_OF_POD'
@CONTROL@
END_OF_POD
cat >"$folder/subject" <<'END_OF_POD'
@SUBJECT@
END_OF_POD
subject=$(printf '%s' @SUBJECT_NAME@ | sed "s/@RUN-OF-PROBE@/$run/")
control=$(printf '%s' @CONTROL_NAME@ | sed "s/@RUN-OF-PROBE@/$run/")
fill control
fill subject
pods="$control $subject"
for pod in control subject; do
  kube create -f "$folder/$pod.json" >/dev/null || give_up "the $pod pod cannot be made; kubectl says why"
done
await "$control"
await "$subject"
kube logs -n "$namespace" "$control" >"$folder/control.log" || give_up "pod $control shows no log"
kube logs -n "$namespace" "$subject" >"$folder/subject.log" || give_up "pod $subject shows no log"
judge "$folder/subject.log" "$folder/control.log" "$folder/connections" "$folder/skipped"
