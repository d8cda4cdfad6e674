#!/usr/bin/env bash
# Puts a backup into the empty folders of a Redis that does not run, and of the archive.
#
#   restore.sh --from BACKUP --data DIR [options]
#
# Options:
#   --from BACKUP       a folder that backup.sh made
#   --data DIR          Redis' folder; it has no data, and Redis does not run
#   --archive DIR       the archive's folder, empty or not there yet; needed if the backup has an archive
#   --owner USER:GROUP  whose Redis' files become (who calls)
#   --archive-owner USER:GROUP   whose the archive becomes (who calls)
#   --help              this text
#
# Nothing is written unless the backup is what it was when it was made. Then start Redis, then the services: clients whose cursor is
# younger than the backup are told so (recovered: false). docs/backup.md has what else is to be done.
#
# Exit codes: 0 done; 1 it failed; 64 wrong options, or a folder is not empty.

set -uo pipefail
export LC_ALL=C TZ=UTC
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

from='' data='' archive='' owner='' archive_owner=''
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --from | --data | --archive | --owner | --archive-owner)
      [[ -n ${2:-} ]] || wrong_usage "$1 needs a value."
      name=${1#--}
      printf -v "${name//-/_}" %s "$2"
      shift
      ;;
    *) wrong_usage "There is no option $1." ;;
  esac
  shift
done
[[ -n $from && -n $data ]] || wrong_usage '--from and --data are needed.'
from=${from%/}
[[ $from != *.partial ]] || wrong_usage "$from was never finished."
[[ -f $from/SHA256SUMS && -f $from/backup.txt && -d $from/redis ]] || wrong_usage "$from is no backup."
[[ ! -d $from/archive || -n $archive ]] || wrong_usage '--archive is missing: the backup has one, and Redis counts on it.'
[[ -d $from/archive || -z $archive ]] || wrong_usage 'The backup has no archive.'
folder=$(sed -n 's/^appenddirname=//p' "$from/backup.txt")
[[ -n $folder && -d $from/redis/$folder ]] || wrong_usage "$from/backup.txt does not tell Redis' folder."
for each in "$data/$folder" "$data/dump.rdb"; do
  [[ ! -e $each ]] || wrong_usage "$each is there: a backup goes into an empty Redis alone."
done
[[ -z $archive || ! -e $archive || -z $(ls -A -- "$archive") ]] || wrong_usage "$archive is not empty."

say 'looking whether the backup is whole'
(cd -- "$from" && sha256sum --quiet --check SHA256SUMS) || fail 'the backup is damaged'

# put FROM TO OWNER: whole or not at all.
put() {
  rm -rf -- "$2.restoring"
  cp -a --reflink=auto -- "$1" "$2.restoring" || fail "$2 cannot be written"
  [[ -z $3 ]] || chown -R -- "$3" "$2.restoring" || fail "$2 cannot become $3's"
  sync -f -- "$2.restoring"
  [[ ! -d $2 ]] || rmdir -- "$2" || fail "$2 is not empty"
  mv -T -- "$2.restoring" "$2" || fail "$2 cannot be written"
}

mkdir -p -- "$data" || fail "$data cannot be made"
if [[ -n $archive ]]; then
  mkdir -p -- "$(dirname -- "$archive")" || fail "$archive cannot be made"
  # Before Redis, which counts on it.
  put "$from/archive" "${archive%/}" "$archive_owner"
  say "the archive is in $archive"
fi
put "$from/redis/$folder" "$data/$folder" "$owner"
say "Redis' files are in $data/$folder, as of $(sed -n 's/^made=//p' "$from/backup.txt")"
say 'Start Redis with the same appendfilename, then the services.'
