#!/usr/bin/env bash
# Brings up what visitors had before a reboot: the current colour, and nginx; or ends all of it in good order. For plain processes.
#
#   start.sh --config FILE [--stop]
#
# Options:
#   --config FILE   the settings of the deploy
#   --stop          stop both colours, which hand their sockets over to nobody, and nginx
#   --help          this text
#
# What runs already is left alone. An unfinished deploy is not gone on with: run its command again.
#
# Exit codes:
#   0    visitors are served; or all is stopped
#   1    the colour did not get ready, or nginx did not start
#   4    a deploy or rollback runs
#   64   wrong options or settings, or nothing was deployed

set -uo pipefail
export LC_ALL=C
umask 027

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd) || exit 64
readonly repository
# shellcheck source-path=SCRIPTDIR source=lib/flow.sh
. "$repository/scripts/deploy/lib/flow.sh"
load_driver processes

config='' is_stop=false
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --stop) is_stop=true ;;
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
load_settings "$config"
check_settings
driver_check_settings
[[ -d $STATE_DIR ]] || wrong_usage "Nothing was deployed: there is no $STATE_DIR."
driver_prepare || exit 64
take_lock

if [[ $is_stop == true ]]; then
  for colour in blue green; do
    driver_stop "$colour" || exit 1
  done
  if driver_nginx_running; then
    without_lock run_nginx -s quit || exit 1
    say 'nginx ends when its last connection does.'
  fi
  say 'All is stopped.'
  exit 0
fi

find_current
# A deploy that was cut amid its switch: what nginx reads is what visitors would get.
[[ -n $current ]] || current=$(active_colour)
[[ -n $current ]] || wrong_usage 'Nothing is deployed.'
release=$(release_of "$current")
[[ -n $release ]] || wrong_usage "No release of $current is recorded."

fail() {
  say "failed: $1" >&2
  driver_logs "$current" 20 >&2
  exit 1
}

why=$(driver_check_release "$release") || fail "$why"
[[ $(active_colour) == "$current" ]] || point_to "$current"
driver_start "$current" "$release" || fail "$current could not be started"
poll "$READY_TIMEOUT" undrain_colour "$current" || fail "$why"
poll "$READY_TIMEOUT" is_ready "$current" "$(driver_version "$release")" || fail "$why"
say "$current is ready, $ready_count of $ready_count nodes"
if ! driver_nginx_running; then
  why=$(driver_nginx_start) || fail "nginx does not start: $why"
fi
poll "$VERIFY_TIMEOUT" leads_to "$current" || fail "$why"
say "visitors get $current"
if read_journal; then
  say "A ${journal[kind]} is unfinished (${journal[version]:-?}): run its command again, or websocket-rollback.sh."
fi
