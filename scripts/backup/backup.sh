#!/usr/bin/env bash
# Copies what ReplyX must not lose, while it runs: Redis' append-only files and, where there is one, the archive's folder.
#
#   backup.sh --data DIR --to DIR [options]
#
# Options:
#   --data DIR      Redis' folder ("dir" of its configuration) as this machine sees it
#   --to DIR        where backups go, each into a folder named by its time (UTC)
#   --archive DIR   the archive's folder (Archive:Directory)
#   --cli COMMAND   how Redis is asked: redis-cli with its options (redis-cli). Its password is taken from REDISCLI_AUTH
#   --keep N        delete older backups, so that N are left; only after this one is whole (all are kept)
#   --help          this text
#
# Redis first, the archive last: segments that Redis does not count yet hurt nobody. Redis does not rewrite its files meanwhile. A backup
# that is not whole ends in ".partial" and is never restored from. It holds everything that visitors wrote: it can be read by who made it
# alone. restore.sh goes the other way; docs/backup.md has the rest.
#
# Exit codes: 0 the last line is the backup's folder; 1 it failed; 64 wrong options, or a tool is missing.

set -uo pipefail
export LC_ALL=C
umask 077

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\nTry --help.\n' "$1" >&2
  exit 64
}

say() { printf '%(%Y-%m-%dT%H:%M:%SZ)T %s\n' -1 "$1"; }

fail() {
  say "failed: $1" >&2
  exit 1
}

export TZ=UTC
data='' to='' archive='' cli=redis-cli keep=0
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --data | --to | --archive | --cli | --keep)
      [[ -n ${2:-} ]] || wrong_usage "$1 needs a value."
      printf -v "${1#--}" %s "$2"
      shift
      ;;
    *) wrong_usage "There is no option $1." ;;
  esac
  shift
done
[[ -n $data && -n $to ]] || wrong_usage '--data and --to are needed.'
[[ $keep =~ ^[0-9]{1,6}$ ]] || wrong_usage '--keep takes a number.'
[[ -d $data ]] || wrong_usage "There is no folder $data."
[[ -z $archive || -f $archive/archive.id ]] || wrong_usage "$archive is no archive's folder: it has no archive.id. Is it mounted?"
read -ra asking <<<"$cli"
for tool in sha256sum flock "${asking[0]}"; do
  command -v "$tool" >/dev/null || wrong_usage "$tool is not installed."
done
mkdir -p -- "$to" && to=$(cd -- "$to" && pwd) || exit 64

# One at a time: the other one would be told that Redis may rewrite its files again.
exec {lock}>"$to/.lock" || wrong_usage "$to cannot be written."
flock -n "$lock" || fail "another backup into $to is being made"

ask() { "${asking[@]}" "$@" </dev/null 2>&1; }

# setting NAME: of Redis' configuration.
setting() { ask --raw CONFIG GET "$1" | tail -n 1; }

answer=$(ask PING)
[[ $answer == PONG ]] || fail "Redis does not answer: $answer"
[[ $(setting appendonly) == yes ]] || fail 'Redis has no append-only file (appendonly is not yes): there is nothing to copy'
[[ $(setting appendfsync) == always ]] || say 'warning: appendfsync is not always: what was acknowledged last may be missing' >&2
folder=$(setting appenddirname) name=$(setting appendfilename) percentage=$(setting auto-aof-rewrite-percentage)
[[ $percentage =~ ^[0-9]+$ ]] || fail "Redis does not tell its configuration: $percentage"
manifest=$data/$folder/$name.manifest
[[ -r $manifest ]] || fail "there is no $manifest that can be read: is --data the folder of the Redis that was asked?"

previous=''
for each in "$to"/replyx-*Z; do [[ ! -d $each ]] || previous=$each; done
printf -v backup '%s/replyx-%(%Y%m%dT%H%M%SZ)T' "$to" -1
[[ ! -e $backup && ! -e $backup.partial ]] || fail "$backup is there already"
mkdir -p -- "$backup.partial/redis/$folder" || fail "$backup.partial cannot be made"

may_rewrite() {
  [[ -z $percentage ]] || [[ $(ask CONFIG SET auto-aof-rewrite-percentage "$percentage") == OK ]] ||
    say "warning: set Redis' auto-aof-rewrite-percentage to $percentage again, it is 0" >&2
  percentage=''
}
trap may_rewrite EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# rewriting: whether Redis is at it, or about to begin.
rewriting() { ask INFO persistence | grep -qE '^aof_rewrite_(in_progress|scheduled):1'; }

[[ $(ask CONFIG SET auto-aof-rewrite-percentage 0) == OK ]] || fail 'Redis cannot be kept from rewriting its files'
for ((tries = 1; ; tries++)); do
  while rewriting; do
    say 'Redis is rewriting its file'
    sleep 1
  done
  before=$(<"$manifest")
  rm -f -- "$backup.partial/redis/$folder"/*
  copied=true
  cp -p -- "$manifest" "$backup.partial/redis/$folder/" || copied=false
  while read -r _ file _; do
    [[ $file == "$name".* && $file != */* ]] || fail "$manifest names $file"
    # What is appended while it is copied may end amid a command: Redis leaves that out when it loads it.
    cp -p --reflink=auto -- "$data/$folder/$file" "$backup.partial/redis/$folder/" || copied=false
  done <<<"$before"
  # Somebody may have asked for BGREWRITEAOF.
  [[ $copied == true && $(<"$manifest") == "$before" ]] && ! rewriting && break
  ((tries < 5)) || fail "Redis' files change again and again while they are copied, or cannot be read"
done
may_rewrite
say "Redis is copied: $(du -sh -- "$backup.partial/redis" | cut -f 1)"

if [[ -n $archive ]]; then
  # A segment never changes once it has its name: what the backup before has is linked and takes no room.
  if command -v rsync >/dev/null; then
    mkdir "$backup.partial/archive" || fail "$backup.partial/archive cannot be made"
    options=(-a --exclude '*.tmp')
    [[ -z $previous || ! -d $previous/archive ]] || options+=(--link-dest="$previous/archive")
    rsync "${options[@]}" -- "$archive/" "$backup.partial/archive/"
    code=$?
    # 24: retention deleted something meanwhile.
    ((code == 0 || code == 24)) || fail 'the archive cannot be copied'
  else
    cp -a --reflink=auto -- "$archive" "$backup.partial/archive" || fail 'the archive cannot be copied'
  fi
  say "the archive is copied: $(du -sh -- "$backup.partial/archive" | cut -f 1)"
fi

{
  printf 'made=%(%Y-%m-%dT%H:%M:%SZ)T\n' -1
  printf 'redis=%s\n' "$(ask INFO server | tr -d '\r' | sed -n 's/^redis_version://p')"
  printf 'appenddirname=%s\nappendfilename=%s\n' "$folder" "$name"
} >"$backup.partial/backup.txt" || fail "$backup.partial cannot be written"
if command -v redis-check-aof >/dev/null; then
  # An end that is cut is all that may be wrong, and restore.sh leaves it to Redis.
  checked=$(redis-check-aof "$backup.partial/redis/$folder/$name.manifest" </dev/null 2>&1) || grep -qi 'truncated\|unexpected end' <<<"$checked" ||
    fail "the copy of Redis' files is damaged: ${checked##*$'\n'}"
fi
{ (cd -- "$backup.partial" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$backup.sums" &&
  mv -- "$backup.sums" "$backup.partial/SHA256SUMS"; } || fail 'sums cannot be made'
{ sync -f -- "$backup.partial" && mv -- "$backup.partial" "$backup" && sync -f -- "$to"; } || fail "$backup cannot be finished"

if ((keep)); then
  backups=()
  for each in "$to"/replyx-*Z; do [[ ! -d $each ]] || backups+=("$each"); done
  for ((i = 0; i < ${#backups[@]} - keep; i++)); do
    rm -rf -- "${backups[i]}" && say "${backups[i]} is deleted"
  done
fi
say 'done'
echo "$backup"
