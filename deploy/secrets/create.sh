#!/usr/bin/env bash
# Makes the secrets of a deployment in containers: those that are missing, and only those.
#
#   create.sh --group GROUP [options]
#
# Options:
#   --group GROUP      name or number of the group that may read them; its number is REPLYX_SECRETS_GID of compose.env
#   --directory DIR    where they go (the folder of this script)
#   --help             this text
#
# Containers run as users of their own, which this group lets read what they need; a person of the group may deploy. Files get mode 0440.
# To change a secret, remove its file, run this again, and deploy; Redis' password is two files, redis.acl and ConnectionStrings__redis,
# and Redis has to be started anew with it. README.md beside this script has a line for each.
#
# Exit codes: 0 all are there; 1 one could not be made; 64 wrong options.

set -uo pipefail
export LC_ALL=C
umask 077

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\n' "$1" >&2
  exit 64
}

directory=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd) group=''
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --group | --directory)
      (($# > 1)) || wrong_usage "$1 needs a value."
      case $1 in
        --group) group=$2 ;;
        --directory) directory=$2 ;;
      esac
      shift
      ;;
    *) wrong_usage "There is no option $1. Try --help." ;;
  esac
  shift
done
[[ -n $group ]] || wrong_usage '--group is missing. Try --help.'
if [[ $group =~ ^[0-9]+$ ]]; then
  gid=$group
else
  gid=$(getent group "$group" | cut -d : -f 3)
  [[ -n $gid ]] || wrong_usage "There is no group $group: groupadd --system $group"
fi
# Its files could then be read by all who have no other group.
((gid != 0)) || wrong_usage 'A group of its own, not root.'
command -v sha256sum >/dev/null || wrong_usage 'sha256sum is not installed.'
mkdir -p -- "$directory" || exit 1

# random BYTES: as hexadecimal digits.
random() { od -An -v -tx1 -N "$1" /dev/urandom | tr -d ' \n'; }

# create NAME VALUE: whole or not at all, and never in anybody's arguments: printf is the shell's own.
create() {
  local file=$directory/$1
  [[ ! -e $file ]] || return 0
  if ! { printf '%s\n' "$2" >"$file.new" && chgrp -- "$gid" "$file.new" && chmod 0440 -- "$file.new" && mv -- "$file.new" "$file"; }; then
    rm -f -- "$file.new"
    exit 1
  fi
  echo "$1 is made."
}

chgrp -- "$gid" "$directory" || exit 1
chmod 0750 -- "$directory" || exit 1
create Tokens__SigningKey "$(random 32)"
create Metrics__Token "$(random 16)"
create Operations__Token "$(random 16)"
create Secrets__Key "$(random 32)"
create Bootstrap__OwnerPassword "$(random 12)"
create grafana-password "$(random 12)"
# Of others, entered by people; "none" is none.
create slack-webhook-url none
create smtp-password none

# Redis keeps the hash, the services the password. One without the other is of no use.
if [[ ! -e $directory/redis.acl || ! -e $directory/ConnectionStrings__redis ]]; then
  rm -f -- "$directory/redis.acl" "$directory/ConnectionStrings__redis"
  password=$(random 24)
  hash=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)
  create ConnectionStrings__redis "redis:6379,password=$password"
  create redis.acl "user default on sanitize-payload #$hash ~* &* +@all
user health on nopass resetkeys resetchannels -@all +ping"
fi
echo "REPLYX_SECRETS_DIR=$(cd "$directory" && pwd)"
echo "REPLYX_SECRETS_GID=$gid"
