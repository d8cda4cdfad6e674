#!/usr/bin/env bash
# Runs a deploy or a rollback in a job of GitHub Actions, so that its exit code is known to later jobs, and so that a job that is
# cancelled interrupts the script as Ctrl-C would, and waits until it has finished the step it is in.
#
#   run-on-host.sh COMMAND [ARGUMENT...]
#
# Its exit code is the command's. GITHUB_OUTPUT, where set, gets code=N, and GITHUB_STEP_SUMMARY what was printed last.
set -uo pipefail

(($#)) || {
  echo 'run-on-host.sh COMMAND [ARGUMENT...]' >&2
  exit 64
}

log=$(mktemp) || exit 64
trap 'rm -f "$log"' EXIT

# In a session of its own, so that a signal to this job's processes reaches it once, from here; and not through a pipe, which would end
# with this script. Bash starts what runs beside it deaf to SIGINT, so that SIGTERM is what it gets; a deploy takes both alike.
setsid "$@" >"$log" 2>&1 &
command=$!
trap 'interrupted=1; kill -TERM "$command" 2>/dev/null' INT TERM
tail --pid="$command" --lines=+1 --follow "$log" &
follower=$!

# A signal ends the wait, and not the command; 127 is what wait says of a command that has been waited for.
code=127
while
  interrupted=
  wait "$command"
  last=$?
  ((last == 127)) || code=$last
  [[ -n $interrupted ]]
do :; done
wait "$follower"

[[ -z ${GITHUB_OUTPUT:-} ]] || echo "code=$code" >>"$GITHUB_OUTPUT"
[[ -z ${GITHUB_STEP_SUMMARY:-} ]] || {
  echo '```'
  tail -n 60 "$log"
  echo "Exit code: $code"
  echo '```'
} >>"$GITHUB_STEP_SUMMARY"
exit "$code"
