#!/usr/bin/env bash
# Deploys a release beside the one that runs, moves visitors to it, and goes back by itself if anything is wrong.
#
#   safe-websocket-deploy.sh --driver processes|compose --config FILE --release DIR_OR_TAG [options]
#
# Options:
#   --driver NAME      processes: plain processes of this machine; compose: containers
#   --config FILE      the settings: deploy/processes.env.example, deploy/replyx.env.example
#   --release RELEASE  a folder made by publish-release.sh, or a tag of the images
#   --watch SECONDS    how long it is watched after the switch (WATCH_SECONDS)
#   --abandon          roll back an unfinished deploy of another release first
#   --repair           deploy although the front door is not healthy
#   --dry-run          check, say what would be done, and change nothing
#   --help             this text
#
# Steps: check, lock, start, wait, smoke, switch, verify, drain, watch, finish. Before the switch a failure stops what was started, and
# visitors notice nothing. After it, a failure brings the version before back. Each step is written down before and after it is done:
# after a kill or a reboot the same command goes on from there. docs/deploy.md has all of it.
#
# Ctrl-C and SIGTERM: before the switch all is undone; after it the step is finished, and the same command goes on later.
#
# Exit codes:
#   0     the release serves visitors
#   1     it was taken back after the switch; the one before serves visitors
#   2     it failed before the switch; nothing changed for visitors
#   3     people are needed: taking it back failed, what was started cannot be stopped, or after the switch nothing can be written down
#   4     another deploy or rollback runs
#   5     a deploy of another release is unfinished: finish it, or --abandon
#   64    wrong options or settings
#   130   interrupted by SIGINT     143   by SIGTERM

set -uo pipefail
export LC_ALL=C
umask 027

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd) || exit 64
readonly repository
# shellcheck source-path=SCRIPTDIR source=lib/flow.sh
. "$repository/scripts/deploy/lib/flow.sh"

driver='' config='' release='' watch_option=''
is_dry_run=false is_abandoned=false is_repair=false is_resumed=false

while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --dry-run) is_dry_run=true ;;
    --abandon) is_abandoned=true ;;
    --repair) is_repair=true ;;
    --driver | --config | --release | --watch)
      (($# > 1)) || wrong_usage "$1 needs a value."
      case $1 in
        --driver) driver=$2 ;;
        --config) config=$2 ;;
        --release) release=$2 ;;
        --watch) watch_option=$2 ;;
      esac
      shift
      ;;
    *) wrong_usage "There is no option $1. Try --help." ;;
  esac
  shift
done
load_driver "$driver"
[[ -n $config ]] || wrong_usage '--config is missing.'
[[ -n $release ]] || wrong_usage '--release is missing.'
load_settings "$config"
[[ -z $watch_option ]] || WATCH_SECONDS=$watch_option
check_settings
driver_check_settings
release=$(driver_name_release "$release")

# finish_begun: ends what an unfinished deploy was about to undo. The same release failed then; another one may follow.
finish_begun() {
  local code=0
  say "The deploy of ${journal[version]} was about to be undone; that goes on."
  finish_undo || code=$?
  [[ ${journal[release]} != "$release" ]] || exit "$code"
  journal=()
}

# Read without the lock, to know what is to be checked; it is read again with it.
if read_journal; then
  is_resumed=true
  [[ $is_dry_run == false ]] || check_journal
fi

if [[ $is_dry_run == false && ${journal[kind]:-} == deploy && -n ${journal[undo]:-} ]]; then
  # That needs nothing of the new release, which may be gone or wrong.
  take_lock 0
  if read_journal; then
    check_journal
    if [[ ${journal[kind]} == deploy && -n ${journal[undo]} ]]; then finish_begun; fi
  fi
  if ! read_journal; then is_resumed=false; fi
fi

now_ms
step_started=$REPLY
version='' current=''
if ! step_check; then
  report 1 "failed: $why"
  # What an unfinished deploy has begun stands as it stood.
  exit "$exit_before"
fi
report 1 "$said"

if [[ $is_dry_run == true ]]; then
  dry_run
  exit 0
fi

now_ms
step_started=$REPLY
mkdir -p -- "$STATE_DIR" || wrong_usage "$STATE_DIR cannot be made."
driver_prepare || wrong_usage "$STATE_DIR cannot be written."
[[ -n $lock_fd ]] || take_lock 0
report 2 "this is the only deploy"

if read_journal; then
  check_journal
  if [[ ${journal[kind]} != deploy ]]; then
    say 'An unfinished rollback is there: finish it with websocket-rollback.sh.' >&2
    exit "$exit_unfinished"
  fi
  if [[ -n ${journal[undo]} ]]; then
    finish_begun
  elif [[ ${journal[release]} != "$release" ]]; then
    if [[ $is_abandoned != true ]]; then
      say "A deploy of ${journal[version]} (${journal[release]}) is unfinished, at step ${journal[step]}, ${step_names[${journal[step]}]}: finish it, or --abandon." >&2
      exit "$exit_unfinished"
    fi
    say "Abandoning the deploy of ${journal[version]}."
    if is_before_switch; then undo_before 'abandoned for another release'; else roll_back 'abandoned for another release'; fi
  else
    say "Going on with the deploy of ${journal[version]} at step ${journal[step]}, ${step_names[${journal[step]}]} (${journal[state]})."
    go_on
    exit 0
  fi
fi

find_current
# What was unfinished has ended: only now is it known what this one starts from.
[[ $is_resumed == false ]] || check_front || { report 2 "failed: $why"; exit "$exit_before"; }
target=blue
[[ -z $current ]] || target=$(other_colour "$current")
journal=()
note_journal kind deploy release "$release" version "$version" target "$target" from "$current" step 2 state 'done' started "$EPOCHSECONDS" ||
  { report 2 "failed: $why"; exit "$exit_before"; }
tell "ReplyX: the deploy of $version begins" "$target is started beside ${current:-nothing}."
go_on
