# shellcheck shell=sh
# Runs a command so that it cannot outlive the host: sh -c <this> reaper <grace seconds> <command> [argument...]
# Standard input is a pipe whose other end only the host holds. On it come, up to an empty line, the variables whose names a shell would
# drop (my-name=value). When it ends, because the host stopped us, died or was killed, the command's process group gets SIGTERM and,
# after the grace, SIGKILL. The first line on standard output is the command's process id.
grace=$1
shift
while IFS= read -r variable && [ -n "$variable" ]; do set -- "$variable" "$@"; done

in_new_session() {
  if command -v setsid >/dev/null; then exec setsid "$@"; fi
  exec perl -MPOSIX -e 'POSIX::setsid(); exec @ARGV' "$@"
}

exec 3<&0
in_new_session /bin/sh -c 'echo "$$"; exec env "$@"' sh "$@" 3<&- </dev/null &
child=$!

{
  while read -r _ <&3; do :; done
  # Told to end while it naps; $! and not a variable, which would be set a moment too late.
  trap 'kill "$!"; wait "$!"; exit' TERM
  # By its id as well: the host may die before the child has made its group.
  kill -TERM -"$child" || kill -TERM "$child"
  ticks=$((grace * 10))
  while [ "$ticks" -gt 0 ] && kill -0 "$child"; do
    sleep 0.1 &
    wait "$!"
    ticks=$((ticks - 1))
  done
  kill -KILL -"$child" || kill -KILL "$child"
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-

wait "$child"
code=$?
# What the command leaves behind in its group goes with it.
kill -KILL -"$child" 2>/dev/null
kill -TERM "$watcher" 2>/dev/null
wait "$watcher" 2>/dev/null
exit "$code"
