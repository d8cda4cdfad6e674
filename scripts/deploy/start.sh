#!/usr/bin/env bash
# Brings up what visitors had before a reboot: the current colour, and nginx; or ends all of it in good order. For plain processes.
#
#   start.sh --config FILE [--keep|--stop]
#
# Options:
#   --config FILE   the settings of the deploy
#   --keep          stay, and start again what ends by itself; not while a deploy or rollback runs, which looks after its own
#   --stop          stop both colours, which hand their sockets over to nobody, and nginx; what stays with --keep ends too
#   --help          this text
#
# What runs already is left alone. An unfinished deploy is not gone on with: run its command again. Amid a rollback it is the colour that
# is gone back to which is brought up. nginx is started even where the colour does not get ready, since it may later.
#
# Exit codes:
#   0    visitors are served; or all is stopped
#   1    the colour did not get ready, or nginx did not start
#   4    a deploy or rollback runs
#   64   wrong options or settings, or nothing was deployed
#   143  with --keep: ended by a signal; what it keeps runs on. After --stop it is 0

set -uo pipefail
export LC_ALL=C
umask 027

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd) || exit 64
readonly repository
# shellcheck source-path=SCRIPTDIR source=lib/flow.sh
. "$repository/scripts/deploy/lib/flow.sh"
load_driver processes

config='' is_stop=false is_kept=false
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --stop) is_stop=true ;;
    --keep) is_kept=true ;;
    --config)
      (($# > 1)) || wrong_usage "$1 needs a value."
      config=$2
      shift
      ;;
    *) wrong_usage "There is no option $1. Try --help." ;;
  esac
  shift
done
[[ -n $config ]] || wrong_usage '--config is missing.'
[[ $is_stop == false || $is_kept == false ]] || wrong_usage 'Either --keep or --stop, not both.'
load_settings "$config"
check_settings
driver_check_settings
[[ -d $STATE_DIR ]] || wrong_usage "Nothing was deployed: there is no $STATE_DIR."
driver_prepare || exit 64
# What --keep goes by: after a stop it starts nothing.
readonly stopped=$STATE_DIR/stopped

on_interrupted() {
  # After a stop it had nothing left to do, as when systemd ends its unit.
  [[ $is_kept == false || ! -e $stopped ]] || exit 0
  exit "$interrupted"
}

if [[ $is_stop == true ]]; then
  # What stays with --keep may just be starting something.
  take_lock $((READY_TIMEOUT + 30))
  write_file "$stopped" "$(iso_now)" || warn "$stopped cannot be written"
  for colour in blue green; do
    driver_stop "$colour" || exit 1
  done
  stop_orphans
  if driver_nginx_running; then
    without_lock run_nginx -s quit || exit 1
    say 'nginx ends when its last connection does.'
  fi
  say 'All is stopped.'
  exit 0
fi

# Sets current and release: what visitors are to have.
find_wanted() {
  find_current
  # A rollback that was cut: visitors were being led back.
  if read_journal && [[ ${journal[undo]:-} == after && -n $(colour_or_none "${journal[from]:-}") ]]; then current=${journal[from]}; fi
  # A deploy that was cut amid its switch: what nginx reads is what visitors would get.
  [[ -n $current ]] || current=$(active_colour)
  release=$(release_of "$current")
}

# bring_up IS_READ: starts what does not run of the colour, and nginx; fails with why, and then what could be started is. IS_READ: whether
# nginx, if it runs, is known to have read what it is to read.
bring_up() {
  local is_read=$1 trouble='' served
  why=$(driver_check_release "$release") || return 1
  served=$(active_colour)
  if ! driver_start "$current" "$release" >"$STATE_DIR/start.said" 2>&1; then
    trouble=$(<"$STATE_DIR/start.said")
  # Nodes that were to be left; later, one that drains does so since somebody wants it.
  elif [[ $1 == false ]] && ! poll "$READY_TIMEOUT" undrain_colour "$current"; then
    trouble=$why
  elif ! poll "$READY_TIMEOUT" is_ready "$current" "$(driver_version "$release")"; then
    trouble=$why
  else
    say "$current is ready, $ready_count of $ready_count nodes"
  fi
  if [[ $served != "$current" ]]; then
    # Amid a rollback, say: they are not led away from one that is well.
    if [[ -n $trouble && -n $served ]] && leads_to "$served"; then
      why="$trouble; visitors stay with $served"
      return 1
    fi
    point_to "$current" || { why="$(active_link) cannot be replaced"; return 1; }
    is_read=false
  fi
  if ! driver_nginx_running; then
    why=$(driver_nginx_start) || { why="nginx does not start: $why"; return 1; }
  elif [[ $is_read == false ]]; then
    why=$(driver_nginx_reload) || return 1
  fi
  why=$trouble
  [[ -z $trouble ]]
}

# Whether what visitors are to have runs; fails with why.
is_up() {
  why=$(driver_alive "$current") || return 1
  driver_nginx_running || { why='nginx has ended'; return 1; }
}

# keep: while nobody stops it. What ends again and again is started more and more rarely.
keep() {
  local wait=$keep_pause
  may_interrupt=true
  while [[ ! -e $stopped ]]; do
    release_lock
    pause "$wait"
    check_interrupted
    find_wanted
    if is_up; then
      wait=$keep_pause
      continue
    fi
    # A deploy or rollback looks after its colours itself.
    try_lock || continue
    find_wanted
    if [[ -e $stopped ]] || is_up; then continue; fi
    say "keep: $why"
    wait=$((wait * 2 > keep_pause_limit ? keep_pause_limit : wait * 2))
    if bring_up true; then say "keep: $current is up again"; else say "keep: failed: $why" >&2; fi
  done
}
readonly keep_pause=5 keep_pause_limit=60

take_lock 0
find_wanted
[[ -n $current ]] || wrong_usage 'Nothing is deployed.'
[[ -n $release ]] || wrong_usage "No release of $current is recorded."
rm -f -- "$stopped"

if bring_up false && poll "$VERIFY_TIMEOUT" leads_to "$current"; then
  say "visitors get $current"
else
  say "failed: $why" >&2
  driver_logs "$current" 20 >&2
  [[ $is_kept == true ]] || exit 1
fi
if read_journal; then
  say "A ${journal[kind]} is unfinished (${journal[version]:-?}): run its command again, or websocket-rollback.sh."
fi
[[ $is_kept == false ]] || keep
