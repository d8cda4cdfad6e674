# What a deploy has done so far, so that the same command goes on where a killed one stopped. Sourced, never run.
# shellcheck shell=bash

# kind: deploy or rollback; target and from: the colours; previous: what target's release was before the deploy; step and state: the
# last step, begun or done; undo: "" or before or after (the switch), and reason; the rest is told to others.
readonly journal_fields=(kind release version target from previous step state undo reason started silence annotation)
declare -A journal=()

journal_file() { echo "$STATE_DIR/deploy.journal"; }

read_journal() {
  local line
  journal=()
  [[ -r $(journal_file) ]] || return 1
  while IFS= read -r line; do
    [[ $line =~ ^([a-z]+)=(.*)$ ]] && journal[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
  done <"$(journal_file)"
  [[ -n ${journal[kind]:-} ]]
}

# check_journal: ends where the journal cannot be believed, since what it names is stopped.
check_journal() {
  local field wrong=''
  for field in "${journal_fields[@]}"; do
    journal[$field]=${journal[$field]:-}
  done
  [[ ${journal[kind]} =~ ^(deploy|rollback)$ ]] || wrong=kind
  [[ ${journal[target]} =~ ^(blue|green)$ ]] || wrong=target
  [[ ${journal[from]} =~ ^(blue|green)?$ && ${journal[from]} != "${journal[target]}" ]] || wrong=from
  [[ ${journal[step]} =~ ^([2-9]|10)?$ && ${journal[kind]}${journal[step]} != deploy ]] || wrong=step
  [[ ${journal[state]} =~ ^(begun|done)?$ ]] || wrong=state
  [[ ${journal[undo]} =~ ^(before|after)?$ ]] || wrong=undo
  if [[ -z $wrong ]]; then
    find_current
    # What visitors have was not begun only now.
    [[ ${journal[kind]} == deploy && ${journal[undo]} != after && $current == "${journal[target]}" ]] || return 0
    [[ ${journal[undo]} == before ]] || ((journal[step] < switch_step)) || return 0
    wrong="visitors have ${journal[target]} already, says $STATE_DIR/current"
  fi
  say "$(journal_file) cannot be true ($wrong). See what nginx leads to, write that into current, and remove the journal." >&2
  exit "$exit_stuck"
}

# note_journal KEY VALUE…: fails with why, and then the file is as it was.
note_journal() {
  local field text=''
  while (($#)); do
    journal[$1]=$(clean "$2")
    # A folder is what it is called.
    [[ $1 != release ]] || journal[$1]=$2
    shift 2
  done
  for field in "${journal_fields[@]}"; do
    journal[$field]=${journal[$field]:-}
    text+="$field=${journal[$field]}"$'\n'
  done
  write_file "$(journal_file)" "${text%$'\n'}" || { why="$(journal_file) cannot be written"; return 1; }
}

# close_journal RESULT: into the history, and away.
close_journal() {
  printf '%s %s %s from=%s to=%s release=%s version=%s %s\n' "$(iso_now)" "${journal[kind]}" "$1" "${journal[from]:--}" \
    "${journal[target]:--}" "${journal[release]:--}" "${journal[version]:--}" "${journal[reason]:-}" >>"$STATE_DIR/history.log" ||
    warn "$STATE_DIR/history.log cannot be written"
  rm -f -- "$(journal_file)" || warn "$(journal_file) cannot be removed: the next deploy takes this one for unfinished"
}
