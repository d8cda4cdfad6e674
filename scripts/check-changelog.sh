#!/usr/bin/env bash
# Sees to it that who changes realtime code says so in docs/websocket/CHANGELOG.md, in the same range of commits.
#
#   check-changelog.sh BASE HEAD
#
# BASE and HEAD are commits; the range is what HEAD has and BASE has not, as in a pull request. Run it in the repository.
#
# Realtime code is ReplyX.Realtime, ReplyX.Client and clients/js; the folders Dialogs, Nodes, PubSub, Streams and Tokens of
# ReplyX.Messaging; and docs/websocket/protocol.md. Other Markdown and the tests of clients/js are not.
#
# A commit that changes nothing of how sockets behave says so itself, with the reason, as a trailer of its message:
#   Changelog: none, a method was renamed
# Files that only such commits touch need no entry.
#
# Exit codes:
#   0    nothing of realtime changed, or the changelog has new lines, or every commit says that it needs none
#   1    realtime code changed and the changelog did not: each file is named
#   2    git does not have a commit, or they have no common one: a shallow clone lacks them
#   64   called with wrong arguments, or git is missing

set -uo pipefail

# One order for sort and comm.
export LC_ALL=C

readonly changelog=docs/websocket/CHANGELOG.md
readonly missing=1 unknown=2 usage=64
readonly realtime=(
  ReplyX.Realtime ReplyX.Client clients/js docs/websocket/protocol.md
  ReplyX.Messaging/Dialogs ReplyX.Messaging/Nodes ReplyX.Messaging/PubSub ReplyX.Messaging/Streams ReplyX.Messaging/Tokens
  ':!clients/js/test' ':!ReplyX.*/*.md' ':!clients/*.md'
)

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\nTry --help.\n' "$1" >&2
  exit "$usage"
}

# Names as they are, one a line: git would quote what is not ASCII.
names() { git -c core.quotePath=false "$@" --no-renames --name-only -- "${realtime[@]}"; }

needs_none() { git log -1 --format='%(trailers:key=Changelog,valueonly)' "$1" | grep -Eiq '^none[,:.]? +[^ ]'; }

# The files that the commits touch which "need" an entry, or "need-none". What only a merge changed is no commit's, and needs one.
touched() {
  local commit kind
  while read -r commit; do
    kind=need
    needs_none "$commit" && kind=need-none
    [[ $kind == "$1" ]] && names diff-tree -r --root --no-commit-id "$commit"
  done < <(git rev-list --no-merges "$base..$head") | sort -u
}

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  help
  exit 0
fi
(($# == 2)) || wrong_usage 'Two arguments: the commit before and the commit after.'
command -v git >/dev/null || wrong_usage 'git is not installed.'
cd "$(git rev-parse --show-toplevel 2>/dev/null)" 2>/dev/null || wrong_usage 'This is no git repository.'

if ! head=$(git rev-parse --verify --quiet --end-of-options "$2^{commit}") ||
  ! base=$(git rev-parse --verify --quiet --end-of-options "$1^{commit}") ||
  ! base=$(git merge-base "$base" "$head"); then
  printf 'git has no such commits here, or none before both: %s %s\n' "$1" "$2" >&2
  exit "$unknown"
fi

changed=$(names diff "$base" "$head" | sort)
needing=$(comm -23 <(printf '%s' "${changed:+$changed$'\n'}") <(comm -23 <(touched need-none) <(touched need)))
if [[ -z $needing ]]; then
  if [[ -z $changed ]]; then
    echo 'Realtime code did not change.'
  else
    echo 'Realtime code changed, by commits that need no entry in the changelog.'
  fi
  exit 0
fi

read -r added _ < <(git diff --numstat "$base" "$head" -- "$changelog")
if ((${added:-0} > 0)); then
  echo "Realtime code changed, and $changelog has new lines: $added."
  exit 0
fi

echo "Realtime code changed, and $changelog has nothing new:"
echo "  ${needing//$'\n'/$'\n'  }"
echo 'Say there what is different for whoever uses or runs it; or, where nothing is, in the commit: "Changelog: none, REASON".'
if [[ ${GITHUB_ACTIONS:-} == true ]]; then
  echo "::error file=$changelog::Realtime code changed ($(wc -l <<<"$needing" | tr -d ' ') files) and the changelog has nothing new"
fi
exit "$missing"
