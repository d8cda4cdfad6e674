#!/usr/bin/env bash
# Goes back to the version before: to the other colour, whether it still runs or not, and whether the current one does or not.
#
#   websocket-rollback.sh --driver processes|compose --config FILE [--reason TEXT] [--dry-run]
#
# Options:
#   --driver NAME   processes: plain processes of this machine; compose: containers
#   --config FILE   the settings of the deploy
#   --reason TEXT   why, for those who are told
#   --dry-run       say what would be done, and change nothing
#   --help          this text
#
# The other colour is started from its recorded release if it does not run, put back into service, and waited for; then the front door is
# switched and verified, the colour that is left is drained if it answers, and stopped. Each of it may be repeated: after a kill the same
# command goes on. An unfinished deploy is undone.
#
# Exit codes:
#   0     the version before serves visitors; or an unfinished deploy was undone before visitors came to it
#   3     it failed: people are needed
#   4     another deploy or rollback runs
#   64    wrong options or settings, or there is nothing to go back to

set -uo pipefail
export LC_ALL=C
umask 027

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd) || exit 64
readonly repository
# shellcheck source-path=SCRIPTDIR source=lib/flow.sh
. "$repository/scripts/deploy/lib/flow.sh"

driver='' config='' reason='asked for'
is_dry_run=false

while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --dry-run) is_dry_run=true ;;
    --driver | --config | --reason)
      (($# > 1)) || wrong_usage "$1 needs a value."
      case $1 in
        --driver) driver=$2 ;;
        --config) config=$2 ;;
        --reason) reason=$2 ;;
      esac
      shift
      ;;
    *) wrong_usage "There is no option $1. Try --help." ;;
  esac
  shift
done
load_driver "$driver"
[[ -n $config ]] || wrong_usage '--config is missing.'
load_settings "$config"
check_settings
driver_check_settings
[[ -d $STATE_DIR ]] || wrong_usage "Nothing was deployed: there is no $STATE_DIR."

if [[ $is_dry_run == true ]]; then
  lock_fd=
else
  take_lock 0
fi

if read_journal; then
  check_journal
  say "The $( [[ ${journal[kind]} == deploy ]] && echo "deploy of ${journal[version]}" || echo rollback) is unfinished, at step ${journal[step]:--}."
else
  find_current
  [[ -n $current ]] || wrong_usage 'Nothing is deployed.'
  to=$(other_colour "$current")
  [[ -n $(release_of "$to") ]] || wrong_usage "There is nothing to go back to: no release of $to is recorded."
  journal=([kind]=rollback [release]="$(release_of "$current")" [target]="$current" [from]="$to" [previous]='' [started]="$EPOCHSECONDS" [step]='' [state]='')
  journal[version]=$(driver_version "${journal[release]}")
fi

if [[ $is_dry_run == true ]]; then
  if [[ ${journal[kind]} == deploy ]] && is_before_switch; then
    say "would stop ${journal[target]}; visitors never came to it"
  else
    say "would bring ${journal[from]:-nothing} back ($(release_of "${journal[from]:-blue}")), switch the front door to it, drain ${journal[target]} and stop it"
  fi
  exit 0
fi

if [[ ${journal[kind]} == deploy ]] && { [[ ${journal[undo]} == before ]] || { [[ -z ${journal[undo]} ]] && is_before_switch; }; }; then
  undo_before "${journal[reason]:-$reason}"
  exit 0
fi
[[ ${journal[kind]} != rollback ]] || tell "ReplyX: ${journal[version]} is taken back" "$reason"
roll_back "${journal[reason]:-$reason}"
