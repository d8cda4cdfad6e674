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
why='' said='' watched='' drained='' front_nodes='' front_words='' ready_count=0
# What the scripts set by their options.
: "${is_dry_run:=false}" "${is_resumed:=false}" "${is_repair:=false}"
step_started=0
has_smoke=false

readonly step_names=(- check lock start wait smoke switch verify drain watch finish)
readonly last_step=10 start_step=3 switch_step=6

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
  local tool free
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
  [[ $is_resumed == true ]] || check_front || return 1
  tell_rejected
  has_smoke=false
  if driver_has_smoke "$release"; then
    has_smoke=true
    [[ -n $SMOKE_SITE_TOKEN_FILE || -n $SMOKE_ASSISTANT_ID ]] ||
      warn 'neither SMOKE_SITE_TOKEN_FILE nor SMOKE_ASSISTANT_ID is set: no real message is sent, only health and upgrades are checked'
  else
    warn 'the release has no ReplyX.Smoke: no real message is sent'
  fi
  said="release $version$front_words"
}

# What a new deploy starts from; one that goes on has its journal.
check_front() {
  local active colour
  front_words=
  active=$(active_colour)
  # The idle colour is replaced: which one that is must be beyond doubt.
  if [[ -n $active && $active != "$current" ]] && driver_is_running "$active"; then
    why="nginx leads to $active, which runs, and $STATE_DIR/current says ${current:-nothing}: write there which of them visitors are to have"
    return 1
  fi
  if [[ -z $current ]]; then
    # Nor is what runs replaced since nothing is known of it.
    for colour in blue green; do
      if driver_is_running "$colour"; then
        why="$colour runs, and $STATE_DIR/current says nothing: write there which colour visitors are to have"
        return 1
      fi
    done
    return 0
  fi
  if front_is_healthy; then
    front_words=", the front door is healthy with $current"
  elif [[ $is_repair == true ]]; then
    warn "$why; it is to be repaired"
  else
    why="$why: mend it first, or deploy with --repair if this release mends it"
    return 1
  fi
}

tell_rejected() {
  local colour
  for colour in blue green; do
    read_file "$STATE_DIR/$colour.rejected"
    [[ $REPLY != "$release" ]] || warn "this release was taken back before: see $STATE_DIR/history.log"
  done
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
  # Until the link leads to it visitors have nothing to do with it. One that was cut amid this step may have led them there already.
  [[ $(active_colour) == "${journal[target]}" ]] || is_switched=false
  # It may have ended since it was ready.
  poll 5 is_ready "${journal[target]}" "${journal[version]}" || return 1
  write_file "$STATE_DIR/${journal[target]}.release" "${journal[release]}" ||
    { why="$STATE_DIR/${journal[target]}.release cannot be written"; return 1; }
  switch_front "${journal[target]}" || code=$?
  ((code == 1)) || is_switched=true
  ((code == 0)) || return 1
  set_current "${journal[target]}" || return 1
  said="visitors get ${journal[target]}"
}

# set_current COLOUR: what start.sh brings up, and the next deploy takes for the one that visitors have.
set_current() {
  read_file "$STATE_DIR/current"
  [[ $REPLY == "$1" ]] || write_file "$STATE_DIR/current" "$1" || { why="$STATE_DIR/current cannot be written"; return 1; }
}

# restore_release RELEASE: what the colour that a deploy was made on is again; empty for none.
restore_release() {
  local file=$STATE_DIR/${journal[target]}.release
  if [[ -z $1 ]]; then
    rm -f -- "$file"
  elif [[ $(release_of "${journal[target]}") != "$1" ]]; then
    write_file "$file" "$1"
  fi || warn "$file cannot be written: it should say \"$1\""
}

step_verify() {
  poll "$VERIFY_TIMEOUT" leads_to "${journal[target]}" "${journal[version]}" || return 1
  said="HTTP and sockets come to ${journal[target]} (${front_nodes// /, })"
  [[ $has_smoke == false ]] || smoke_front "${journal[target]}"
}

step_drain() {
  [[ -n ${journal[from]} ]] || { said='nothing to drain'; return 0; }
  said=$(drain_whole "$(driver_api_url "${journal[target]}")" "${journal[from]}")
}

step_watch() {
  say "watching for $WATCH_SECONDS s"
  may_interrupt=true
  watch_colour "${journal[target]}" || { may_interrupt=false; return 1; }
  may_interrupt=false
  said=$watched
}

step_finish() {
  local colour
  said='done'
  if [[ -n ${journal[from]} ]]; then
    # The last moment in which there are two.
    poll "$VERIFY_TIMEOUT" leads_to "${journal[target]}" "${journal[version]}" || return 1
    driver_stop "${journal[from]}" || warn "${journal[from]} could not be stopped"
    said="${journal[from]} is stopped; websocket-rollback.sh goes back to it"
  fi
  for colour in blue green; do
    read_file "$STATE_DIR/$colour.rejected"
    [[ $REPLY != "${journal[release]}" ]] || rm -f -- "$STATE_DIR/$colour.rejected"
  done
}

# --- The run -----------------------------------------------------------------------------------------------------------------

# go_on: from the step that the journal names.
go_on() {
  local number
  is_switched=true
  if is_before_switch; then
    # The colour's release is not touched before the switch.
    note_journal previous "$(release_of "${journal[target]}")" || warn "$why"
    # After a reboot, say.
    if ((journal[step] > start_step)) && ! driver_alive "${journal[target]}" >/dev/null 2>&1; then
      say "${journal[target]} does not run: it is started again"
      note_journal step "$start_step" state begun || warn "$why"
    fi
  elif ((journal[step] > switch_step)) && ! poll "$VERIFY_TIMEOUT" leads_to "${journal[target]}" "${journal[version]}"; then
    ((interrupted == 0)) || leave_unfinished
    # Whatever was done already, it was not done with a colour that is well now.
    roll_back "$why"
    exit "$exit_rolled_back"
  fi
  for ((number = 3; number <= last_step; number++)); do
    ((number < journal[step])) && continue
    ((number == journal[step])) && [[ ${journal[state]} == 'done' ]] && continue
    ((number < switch_step)) && { may_interrupt=true; check_interrupted; }
    ((number < switch_step)) || may_interrupt=false
    now_ms
    step_started=$REPLY
    said=
    if ! note_journal step "$number" state begun; then
      # Nothing is done that a kill would leave unknown.
      report "$number" "failed: $why"
      if ((number <= switch_step)); then
        undo_before "$why"
        exit "$exit_before"
      fi
      stuck "$why. Visitors get ${journal[target]}, and ${journal[from]:-nothing} is kept beside it. The same command goes on, websocket-rollback.sh goes back."
    fi
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
    # Not written, it is done once more after a kill.
    note_journal step "$number" state 'done' || warn "$why"
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
    is_before_switch || leave_unfinished
    undo_before 'interrupted'
  fi
  exit "$interrupted"
}

# Whether visitors cannot have come to the new colour. The link is asked too: it is what they go by.
is_before_switch() {
  ((journal[step] < switch_step)) && [[ -z ${journal[from]} || $(active_colour) != "${journal[target]}" ]]
}

# Nothing that visitors see has changed: the idle colour goes away.
undo_before() {
  ignore_interruptions
  if [[ -n ${journal[from]} && $(active_colour) == "${journal[target]}" ]]; then
    # Never the colour that nginx leads to, whatever the journal says.
    roll_back "$1"
    exit "$exit_rolled_back"
  fi
  note_journal undo before reason "$1" || warn "$why"
  now_ms
  step_started=$REPLY
  driver_stop "${journal[target]}" || stuck "${journal[target]} cannot be stopped. Visitors noticed nothing."
  # It did not fail with visitors: the way back to what was there before stays open.
  ((journal[step] < switch_step)) || restore_release "${journal[previous]}"
  end_silence
  end_annotation "failed: ${journal[reason]}"
  say "Not deployed: ${journal[reason]%.}. Visitors noticed nothing; ${journal[target]} is stopped."
  tell "ReplyX: the deploy of ${journal[version]} failed" "${journal[reason]}
Nothing changed for visitors."
  close_journal 'failed before the switch'
  heed_interruptions
}

# roll_back REASON: from journal[target] to journal[from].
roll_back() {
  local to=${journal[from]} left=${journal[target]}
  ignore_interruptions
  # Without it a kill leaves a deploy that goes on, and finds by itself that it must not.
  note_journal undo after reason "$1" || warn "$why"
  now_ms
  step_started=$REPLY
  say "Going back${to:+ to $to}: ${journal[reason]}"
  [[ ${journal[kind]} == rollback ]] || tell "ReplyX: ${journal[version]} is taken back" "${journal[reason]}"

  if [[ -z $to ]]; then
    # The first deploy.
    driver_stop "$left" || warn "$left could not be stopped"
    rm -f -- "$STATE_DIR/current"
    restore_release "$(not_rejected)"
    say "Taken back: there was nothing before it to go back to, $left is stopped."
  else
    bring_back "$to" || stuck "$to cannot be brought back: $why. The front door still leads to ${left}."
    switch_front "$to" || stuck "the front door cannot be switched: $why"
    poll "$VERIFY_TIMEOUT" leads_to "$to" || stuck "the front door does not lead to $to: $why"
    set_current "$to" || stuck "$why. Visitors get $to."
    say "rollback: visitors get $to (${front_nodes// /, })"
    if driver_is_running "$left"; then
      drain_colour "$(driver_api_url "$to")" "$left"
      say "rollback: $drained"
    fi
    driver_stop "$left" || warn "$left could not be stopped"
    write_file "$STATE_DIR/$left.rejected" "${journal[release]}" || warn "$STATE_DIR/$left.rejected cannot be written"
    restore_release "$(not_rejected)"
    say "Taken back: $to serves visitors again, $left is stopped."
  fi
  end_silence
  end_annotation "taken back: ${journal[reason]}"
  tell "ReplyX: ${to:-nothing} serves visitors again" "${journal[version]:-The release} was taken back: ${journal[reason]}"
  close_journal 'rolled back'
  heed_interruptions
}

# What the colour was before the release that is taken back: nothing, where it was the same.
not_rejected() { [[ ${journal[previous]} == "${journal[release]}" ]] || echo "${journal[previous]}"; }

# Starts of the colour what does not run, puts its nodes back into service, and waits until it is ready.
bring_back() {
  local before
  before=$(release_of "$1")
  [[ -n $before ]] || { why="no release of $1 is recorded"; return 1; }
  # What runs there may be another release's, which a deploy left behind.
  if ! driver_alive "$1" "$before" >/dev/null 2>&1; then
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
  say "People are needed: $1" >&2
  tell 'ReplyX: people are needed' "$1"
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
