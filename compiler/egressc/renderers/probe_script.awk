function read_log(file, seen,    line, open, key, word, tests, plan) {
  plan = -1
  while ((getline line <file) > 0) {
    if (open) {
      if (line == "  ...") {
        if (key != "" && word ~ /^(answered|refused|silent|unresolved|untried)$/) seen[key] = word
        open = 0
      } else if (line ~ /^  key: /) { key = substr(line, 8); gsub(/ /, "", key) }
      else if (line ~ /^  observed: /) { word = substr(line, 13); gsub(/ /, "", word) }
    } else if (line == "  ---") { open = 1; key = word = "" }
    else if (line ~ /^1\.\.[0-9]+ *$/) plan = substr(line, 4) + 0
    else if (line ~ /^(not )?ok [0-9]+/) {
      tests++
      if (line ~ /^(not )?ok [0-9]+ - DNS: /) seen[":dns"] = line ~ /^ok/ && line !~ / # SKIP / ? "resolved" : "unresolved"
    }
  }
  seen[":whole"] = plan == tests
}
function of(seen, key) { return key in seen ? seen[key] : "unseen" }
function judge_connection(expect, subject, control) {
  if (subject == "answered") return expect == "allow" ? "ok reached" : "not ok open"
  if (subject == "unseen" || control == "unseen") return "inconclusive unseen"
  if (subject == "untried" || control == "untried") return "inconclusive untried"
  if (subject == "unresolved") {
    if (control == "unresolved") return "inconclusive dns-unknown"
    return expect == "deny" && lookup == "deny" ? "inconclusive no-lookup" : "not ok dns-blocked"
  }
  if (control == "answered") return expect == "allow" ? "not ok blocked" : "ok closed"
  return "inconclusive nobody-answers"
}
function judge_dns(subject, control) {
  if (subject == "unseen") return "inconclusive unseen"
  if (subject == "resolved") return lookup == "deny" ? "not ok open" : "ok reached"
  if (control == "resolved") return lookup == "deny" ? "ok closed" : "not ok dns-blocked"
  return "inconclusive dns-unknown"
}
function report(words, judgement, subject, control,    skip) {
  number++
  if (judgement ~ /^not ok/) failed = 1
  if (judgement ~ /^inconclusive/) {
    doubtful = 1
    skip = " # SKIP " why[substr(judgement, 14)]
  }
  printf "%s %d - %s%s\n", judgement ~ /^not ok/ ? "not ok" : "ok", number, words, skip
  sub(/^(ok|not ok|inconclusive) /, "", judgement)
  printf "  ---\n  subject: %s\n  control: %s\n  reason: %s\n  message: \"%s\"\n  ...\n", subject, control, judgement, why[judgement]
}
BEGIN {
@REASONS@
  read_log(subject_log, subject)
  read_log(control_log, control)
  while ((getline line <connections) > 0) lines[++count] = line
  while ((getline line <left_out) > 0) skips[++skipped] = line
  print "TAP version 14"
  printf "1..%d\n", 1 + count + skipped
  dns = judge_dns(of(subject, ":dns"), of(control, ":dns"))
  report("DNS: a name of the cluster " (lookup == "deny" ? "does not resolve" : "resolves"), dns, of(subject, ":dns"), of(control, ":dns"))
  for (i = 1; i <= count; i++) {
    split(lines[i], part, " ")
    words = substr(lines[i], length(part[1] part[2] part[3] part[4] part[5]) + 6)
    mine = of(subject, part[1]); theirs = of(control, part[1])
    if (theirs == "answered") answers++
    words = part[2] " " part[1] ": " words " at " part[4] " " part[5] "/" part[3] ": " mine
    report(words, judge_connection(part[2], mine, theirs), mine, theirs)
  }
  for (i = 1; i <= skipped; i++) printf "ok %d - %s\n", ++number, skips[i]
  if (!subject[":whole"] || !control[":whole"]) { print "Bail out! a probing pod ended early"; failed = 1 }
  else if (!answers) { print "Bail out! nothing answers the control pod: there is no positive control"; failed = 1 }
  exit failed || (strict == "yes" && doubtful)
}
