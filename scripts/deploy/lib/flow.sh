# The steps of a deploy, and the way back. Brings the rest of lib with it. Sourced, never run.
# shellcheck shell=bash

: "${repository:?}"
# shellcheck source-path=SCRIPTDIR source=lib/common.sh
. "$repository/scripts/deploy/lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=lib/journal.sh
. "$repository/scripts/deploy/lib/journal.sh"
# shellcheck source-path=SCRIPTDIR source=lib/nodes.sh
. "$repository/scripts/deploy/lib/nodes.sh"
# shellcheck source-path=SCRIPTDIR source=lib/front.sh
. "$repository/scripts/deploy/lib/front.sh"
# shellcheck source-path=SCRIPTDIR source=lib/notify.sh
. "$repository/scripts/deploy/lib/notify.sh"
# shellcheck source-path=SCRIPTDIR source=lib/watch.sh
. "$repository/scripts/deploy/lib/watch.sh"

# What functions leave for their callers: why they failed, and what of it is worth telling.
why='' said='' watched='' drained='' front_nodes='' ready_count=0
# What the scripts set by their options.
: "${is_dry_run:=false}" "${is_resumed:=false}" "${is_repair:=false}"
step_started=0
has_smoke=false

readonly step_names=(- check lock start wait smoke switch verify drain watch finish)
readonly last_step=10 switch_step=6

# report NUMBER TEXT: one line a step.
report() {
  now_ms
  say "$(printf '[%2d/%d] %-9s %s (%d.%d s)' "$1" "$last_step" "${step_names[$1]}" "$2" \
    $(((REPLY - step_started) / 1000)) $(((REPLY - step_started) % 1000 / 100)))"
}

colour_or_none() { case $1 in blue | green) echo "$1" ;; esac; }

# Sets current: the colour that visitors get; empty before the first deploy.
find_current() {
  read_file "$STATE_DIR/current"
  current=$(colour_or_none "$REPLY")
}

release_of() {
  read_file "$STATE_DIR/$1.release"
  echo "$REPLY"
}

# load_driver NAME
load_driver() {
  case $1 in
    processes | compose) ;;
    '') wrong_usage '--driver is missing.' ;;
    *) wrong_usage "There is no driver $1: processes or compose." ;;
  esac
  [[ -r $repository/scripts/deploy/drivers/$1.sh ]] || wrong_usage "There is no driver $1 here."
  # shellcheck source-path=SCRIPTDIR source=drivers/processes.sh
  . "$repository/scripts/deploy/drivers/$1.sh"
}

# What a deploy would do, for --dry-run.
dry_run() {
  local target=blue
  [[ -z $current ]] || target=$(other_colour "$current")
  if [[ $is_resumed == true ]]; then
    say "would go on with the deploy of ${journal[version]} at step ${journal[step]}, ${step_names[${journal[step]}]} (${journal[state]}${journal[undo]:+, being undone})"
    return
  fi
  say "would start $target from $release: $(driver_api_url "$target") $(driver_realtime_urls "$target" | tr '\n' ' ')"
  say "would wait up to $READY_TIMEOUT s until it is ready, and send real messages through it${current:+ and $current}"
  say "would point $(active_link) to $(driver_switch_file "$target"), and have nginx read it"
  [[ -z $current ]] || say "would drain the nodes of $current, one after the other"
  say "would watch for $WATCH_SECONDS s, and go back to ${current:-nothing} if something is wrong"
  [[ -z $current ]] || say "would stop $current, and keep its release to go back to"
}

# --- Steps -------------------------------------------------------------------------------------------------------------------

# Nothing is changed here.
step_check() {
  local tool free words
  for tool in curl jq flock awk sed sync stat readlink; do
    command -v "$tool" >/dev/null || { why="$tool is not installed"; return 1; }
  done
  why=$(driver_check_release "$release") || return 1
  version=$(driver_version "$release")
  [[ -n $version ]] || { why="the release $release does not say its version"; return 1; }
  why=$(driver_check) || return 1
  free=$(df -Pm -- "$STATE_DIR" 2>/dev/null | awk 'NR == 2 { print $4 }')
  [[ -z $free ]] || ((free >= MIN_FREE_MB)) || { why="only $free MB are free where $STATE_DIR is; MIN_FREE_MB is $MIN_FREE_MB"; return 1; }
  find_current
  if [[ -n $(active_colour) ]]; then
    why=$(driver_nginx_test) || { why="nginx refuses its configuration, before anything was changed: $why"; return 1; }
  fi
  if [[ -n $current && $is_resumed == false ]]; then
    if front_is_healthy; then
      words=", the front door is healthy with $current"
    elif [[ $is_repair == true ]]; then
      warn "$why; it is to be repaired"
    else
      why="$why: mend it first, or deploy with --repair if this release mends it"
      return 1
    fi
  fi
  has_smoke=false
  if driver_has_smoke "$release"; then
    has_smoke=true
    [[ -n $SMOKE_SITE_TOKEN_FILE || -n $SMOKE_ASSISTANT_ID ]] ||
      warn 'neither SMOKE_SITE_TOKEN_FILE nor SMOKE_ASSISTANT_ID is set: no real message is sent, only health and upgrades are checked'
  else
    warn 'the release has no ReplyX.Smoke: no real message is sent'
  fi
  said="release $version${words:-}"
}

step_start() {
  silence_alerts
  begin_annotation
  # What the last deploy may have left there.
  if [[ -z ${journal[from]} || ${journal[target]} != "${journal[from]}" ]] && driver_is_running "${journal[target]}"; then
    say "${journal[target]} runs already"
  fi
  why=$(driver_write_upstream "${journal[target]}" 2>&1) || return 1
  driver_start "${journal[target]}" "${journal[release]}" >"$STATE_DIR/start.said" 2>&1 || { why=$(<"$STATE_DIR/start.said"); return 1; }
  said="${journal[target]} is started"
}

step_wait() {
  poll "$READY_TIMEOUT" is_ready "${journal[target]}" "${journal[version]}" || {
    driver_logs "${journal[target]}" 20 2>/dev/null | tail -n 60 >&2
    return 1
  }
  said="${journal[target]} is ready, $ready_count of $ready_count nodes"
}

step_smoke() {
  local url arguments
  [[ $has_smoke == true ]] || { said='left out: the release has no ReplyX.Smoke'; return 0; }
  arguments=(--api "$(driver_api_url "${journal[target]}")" --expect-version "${journal[version]}" --timeout 30)
  while read -r url; do
    arguments+=(--realtime "$url")
  done < <(driver_realtime_urls "${journal[target]}")
  # Across both, where the other one runs: what one version writes the other one must read.
  if [[ -n ${journal[from]} ]] && driver_alive "${journal[from]}" >/dev/null 2>&1; then
    arguments+=(--other-api "$(driver_api_url "${journal[from]}")")
    while read -r url; do
      arguments+=(--other-realtime "$url")
    done < <(driver_realtime_urls "${journal[from]}")
    said="real messages within ${journal[target]} and between it and ${journal[from]}"
  else
    said="real messages within ${journal[target]}"
  fi
  smoke 'both colours' "${arguments[@]}"
}

step_switch() {
  local code=0
  # It may have ended since it was ready. Until here visitors have nothing to do with it.
  if [[ $(active_colour) != "${journal[target]}" ]] && ! poll 5 is_ready "${journal[target]}" "${journal[version]}"; then
    is_switched=false
    return 1
  fi
  # What the idle colour was is kept until this moment: a deploy that fails before it leaves the way back to it open.
  [[ -n ${journal[previous]} ]] || note_journal previous "$(release_of "${journal[target]}")"
  write_file "$STATE_DIR/${journal[target]}.release" "${journal[release]}"
  switch_front "${journal[target]}" || code=$?
  if ((code == 1)); then
    restore_release
    is_switched=false
    return 1
  fi
  ((code == 0)) || return 1
  write_file "$STATE_DIR/current" "${journal[target]}"
  said="visitors get ${journal[target]}"
}

restore_release() {
  if [[ -n ${journal[previous]} && ${journal[previous]} != "${journal[release]}" ]]; then
    write_file "$STATE_DIR/${journal[target]}.release" "${journal[previous]}"
  else
    rm -f -- "$STATE_DIR/${journal[target]}.release"
  fi
}

step_verify() {
  poll "$VERIFY_TIMEOUT" leads_to "${journal[target]}" "${journal[version]}" || return 1
  said="HTTP and sockets come to ${journal[target]} (${front_nodes// /, })"
  [[ $has_smoke == false ]] || smoke_front "${journal[target]}"
}

step_drain() {
  [[ -n ${journal[from]} ]] || { said='nothing to drain'; return 0; }
  drain_colour "$(driver_api_url "${journal[target]}")" "${journal[from]}"
  said=$drained
}

step_watch() {
  say "watching for $WATCH_SECONDS s"
  may_interrupt=true
  watch_colour "${journal[target]}" || { may_interrupt=false; return 1; }
  may_interrupt=false
  said=$watched
}

step_finish() {
  said='done'
  if [[ -n ${journal[from]} ]]; then
    driver_stop "${journal[from]}" || warn "${journal[from]} could not be stopped"
    said="${journal[from]} is stopped; websocket-rollback.sh goes back to it"
  fi
  rm -f -- "$STATE_DIR/${journal[target]}.rejected"
}

# --- The run -----------------------------------------------------------------------------------------------------------------

# go_on: from the step that the journal names.
go_on() {
  local number
  is_switched=true
  for ((number = 3; number <= last_step; number++)); do
    ((number < journal[step])) && continue
    ((number == journal[step])) && [[ ${journal[state]} == 'done' ]] && continue
    ((number < switch_step)) && { may_interrupt=true; check_interrupted; }
    ((number < switch_step)) || may_interrupt=false
    note_journal step "$number" state begun
    now_ms
    step_started=$REPLY
    said=
    if ! "step_${step_names[$number]}"; then
      check_interrupted
      if ((interrupted)); then
        ((number < switch_step)) || leave_unfinished
        on_interrupted
      fi
      report "$number" "failed: $why"
      if ((number < switch_step)) || [[ $is_switched == false ]]; then
        undo_before "$why"
        exit "$exit_before"
      fi
      roll_back "$why"
      exit "$exit_rolled_back"
    fi
    check_interrupted
    note_journal step "$number" state 'done'
    report "$number" "$said"
    ((number >= switch_step && number < last_step && interrupted)) && leave_unfinished
  done
  end_silence
  end_annotation 'done'
  tell "ReplyX: ${journal[version]} is deployed" "${journal[target]} serves visitors.${journal[from]:+ ${journal[from]} can be gone back to.}"
  close_journal 'done'
}

leave_unfinished() {
  say 'Interrupted after the switch: run the same command again to go on, or websocket-rollback.sh to go back.' >&2
  exit "$interrupted"
}

on_interrupted() {
  if [[ ${journal[kind]:-} == deploy ]]; then
    ((journal[step] < switch_step)) || leave_unfinished
    undo_before 'interrupted'
  fi
  exit "$interrupted"
}

# Nothing that visitors see has changed: the idle colour goes away.
undo_before() {
  may_interrupt=false
  note_journal undo before reason "$1"
  now_ms
  step_started=$REPLY
  driver_stop "${journal[target]}" || warn "${journal[target]} could not be stopped"
  end_silence
  end_annotation "failed: ${journal[reason]}"
  say "Not deployed: ${journal[reason]%.}. Visitors noticed nothing; ${journal[target]} is stopped."
  tell "ReplyX: the deploy of ${journal[version]} failed" "${journal[reason]}
Nothing changed for visitors."
  close_journal 'failed before the switch'
}

# roll_back REASON: from journal[target] to journal[from].
roll_back() {
  local to=${journal[from]} left=${journal[target]}
  may_interrupt=false
  note_journal undo after reason "$1"
  now_ms
  step_started=$REPLY
  say "Going back${to:+ to $to}: ${journal[reason]}"
  [[ ${journal[kind]} == rollback ]] || tell "ReplyX: ${journal[version]} is taken back" "${journal[reason]}"

  if [[ -z $to ]]; then
    # The first deploy.
    driver_stop "$left" || warn "$left could not be stopped"
    rm -f -- "$STATE_DIR/current"
    restore_release
    say "Taken back: there was nothing before it to go back to, $left is stopped."
  else
    bring_back "$to" || stuck "$to cannot be brought back: $why. The front door still leads to ${left}."
    switch_front "$to" || stuck "the front door cannot be switched: $why"
    poll "$VERIFY_TIMEOUT" leads_to "$to" || stuck "the front door does not lead to $to: $why"
    write_file "$STATE_DIR/current" "$to"
    say "rollback: visitors get $to (${front_nodes// /, })"
    if driver_is_running "$left"; then
      drain_colour "$(driver_api_url "$to")" "$left"
      say "rollback: $drained"
    fi
    driver_stop "$left" || warn "$left could not be stopped"
    write_file "$STATE_DIR/$left.rejected" "${journal[release]}"
    restore_release
    say "Taken back: $to serves visitors again, $left is stopped."
  fi
  end_silence
  end_annotation "taken back: ${journal[reason]}"
  tell "ReplyX: ${to:-nothing} serves visitors again" "${journal[version]:-The release} was taken back: ${journal[reason]}"
  close_journal 'rolled back'
}

# Starts of the colour what does not run, puts its nodes back into service, and waits until it is ready.
bring_back() {
  local before
  before=$(release_of "$1")
  [[ -n $before ]] || { why="no release of $1 is recorded"; return 1; }
  if ! driver_alive "$1" >/dev/null 2>&1; then
    why=$(driver_check_release "$before") || return 1
    why=$(driver_write_upstream "$1" 2>&1) || return 1
    driver_start "$1" "$before" >"$STATE_DIR/start.said" 2>&1 || { why=$(<"$STATE_DIR/start.said"); return 1; }
    say "rollback: $1 is started"
  fi
  poll "$READY_TIMEOUT" undrain_colour "$1" || {
    [[ $why == *'is stopping' ]] || return 1
    # It was being stopped: let it end, and start it anew.
    driver_stop "$1"
    driver_start "$1" "$before" >"$STATE_DIR/start.said" 2>&1 || { why=$(<"$STATE_DIR/start.said"); return 1; }
  }
  poll "$READY_TIMEOUT" is_ready "$1" "$(driver_version "$before")" || return 1
  say "rollback: $1 is ready, $ready_count of $ready_count nodes"
}

# Only people can help now. The journal stays, so that the same command tries again.
stuck() {
  say "The rollback failed, people are needed: $1" >&2
  tell 'ReplyX: a rollback failed, people are needed' "$1"
  exit "$exit_stuck"
}

# What an unfinished deploy or rollback was about to undo is undone first.
finish_undo() {
  case ${journal[undo]:-} in
    before)
      undo_before "${journal[reason]}"
      return "$exit_before"
      ;;
    after)
      roll_back "${journal[reason]}"
      return "$exit_rolled_back"
      ;;
  esac
}
