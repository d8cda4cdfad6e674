#!/usr/bin/env bash
# Brings a GitHub repository to the ruleset and the environments that this working tree holds.
#
#   apply-ruleset.sh OWNER/REPO [options]
#
# Options:
#   --dry-run           show what would be changed, and change nothing
#   --check             the same, and exit 1 if anything differs
#   --ruleset FILE      the ruleset (.github/rulesets/main.json)
#   --environments DIR  the environments, a file each (.github/environments)
#   --help              this text
#
# Environment:
#   GITHUB_TOKEN     a token that may administer the repository ("Administration: write") and read the organisation's teams
#                    ("Members: read"). GitHub does not show a ruleset's bypass list to a token that cannot write it, so that
#                    --check wants the same one.
#   GITHUB_API_URL   https://api.github.com, or that of another GitHub
#
# The ruleset is found by its name; others of the repository are left alone. Teams stand in the files by their slug, since their numbers
# are known to GitHub alone: {"type": "Team", "slug": "realtime"} is a team of OWNER. What the files do not name is not compared.
#
# Exit codes:
#   0    as the files say: nothing differed, or it was changed, or --dry-run
#   1    --check: something differs
#   2    GitHub does not answer, or its answer is none of its API
#   3    GitHub refuses the token: wrong, expired, without the right; or there is no such repository or team
#   4    GitHub refuses what the files say
#   64   called with wrong arguments, a file is missing or no JSON, or curl or jq is missing
# After 2, 3 and 4 what was printed as done before is done. The same command goes on from there.

set -uo pipefail

export LC_ALL=C

readonly different=1 unreachable=2 denied=3 refused=4 usage=64 limit=30

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

fail() { # fail CODE MESSAGE
  printf '%s\n' "$2" >&2
  exit "$1"
}

# GitHub's own words: the message and, for a refused body, what is wrong with it.
words() {
  jq -r '[.message // empty, (.errors // [] | if type == "array" then .[] else . end | if type == "object" then .message // tojson else tostring end)]
    | map(gsub("[[:cntrl:]]"; " ")) | join("; ") | .[:1000]' "$work/answer" 2>/dev/null
}

# Leaves the answer in $work/answer. Returns 1 for 404 if the caller says that it may be missing; every other failure ends the script.
call() { # call METHOD PATH [--may-be-missing] [BODY_FILE]
  local method=$1 path=$2 optional='' status first body=()
  shift 2
  if [[ ${1:-} == --may-be-missing ]]; then
    optional=1
    shift
  fi
  (($# == 0)) || body=(--header 'Content-Type: application/json' --data-binary "@$1")
  : >"$work/answer"
  status=$(curl -q -s --config "$work/curl" --proto '=http,https' --max-time "$limit" --request "$method" --output "$work/answer" \
    --write-out '%{http_code}' "${body[@]}" "$api$path") || fail "$unreachable" "$api does not answer: curl ended with $?."
  case $status in
    204) ;;
    2??)
      read -r -n 1 first <"$work/answer" || true
      [[ ${first:-} == [\{\[] ]] || fail "$unreachable" "$method $path: the answer is no JSON. Is $api GitHub's API?"
      ;;
    401) fail "$denied" "GitHub refuses the token (401): $(words)" ;;
    403 | 429) fail "$denied" "The token may not $method $path ($status): $(words)" ;;
    404)
      [[ -z $optional ]] || return 1
      fail "$denied" "$path is not there, or not for this token to see (404)."
      ;;
    400 | 409 | 422) fail "$refused" "GitHub refuses $method $path ($status): $(words)" ;;
    *) fail "$unreachable" "$method $path: GitHub answered $status: $(words)" ;;
  esac
}

# The file with the number of each team instead of its slug.
with_team_numbers() { # with_team_numbers FILE
  local slug
  while IFS= read -r slug; do
    [[ ! -e $work/teams/$slug.json ]] || continue
    call GET "/orgs/$owner/teams/$slug" --may-be-missing ||
      fail "$denied" "$owner has no team \"$slug\" that this token may see, and $1 asks for its reviews."
    jq --arg slug "$slug" '{($slug): .id}' "$work/answer" >"$work/teams/$slug.json"
  done < <(jq -r '[.. | objects | select(.type == "Team" and has("slug")) | .slug] | unique[]' "$1")
  jq --argjson numbers "$(cat "$work"/teams/*.json /dev/null | jq -s 'add // {}')" \
    'walk(if type == "object" and .type == "Team" and has("slug") then {type, id: $numbers[.slug]} else . end)' "$1"
}

# Two JSON files side by side: the second is what the files say, and of the first only what they name counts. No difference is silence.
compare() { # compare NAME ACTUAL WANTED
  jq -n --slurpfile actual "$2" --slurpfile wanted "$3" '
    # Lists of GitHub have no order.
    def sorted: walk(if type == "array" then sort_by(if type == "object" then [.type, .context, .id, .reviewer.id] else . end) else . end);
    def like($wanted):
      if ($wanted | type) == "object" and type == "object" then . as $actual | reduce ($wanted | keys[]) as $key ({};
        .[$key] = (if $actual | has($key) then $actual[$key] | like($wanted[$key]) else "not shown to this token" end))
      elif ($wanted | type) == "array" and type == "array" and length == ($wanted | length) then
        . as $actual | [range(length) as $i | $actual[$i] | like($wanted[$i])]
      else . end;
    ($wanted[0] | sorted) as $wanted | {actual: ($actual[0] | sorted | like($wanted)), wanted: $wanted}' >"$work/both"
  diff -u --label "$1, as it is" --label "$1, as the file says" <(jq -S .actual "$work/both") <(jq -S .wanted "$work/both")
}

# Says what is to be done; true if it is to be done now.
decide() { # decide WHAT
  differs=1
  case $mode in
    apply) return 0 ;;
    check) printf 'Differs: %s\n' "$1" ;;
    dry-run) printf 'Would be changed: %s\n' "$1" ;;
  esac
  return 1
}

apply_ruleset() {
  local name id page=1 count
  name=$(jq -r .name "$ruleset")
  with_team_numbers "$ruleset" >"$work/wanted" || exit

  id=
  while [[ -z $id ]]; do
    call GET "$repository/rulesets?includes_parents=false&per_page=100&page=$page"
    id=$(jq -r --arg name "$name" 'first(.[] | select(.name == $name and .target == "branch") | .id) // empty' "$work/answer")
    count=$(jq length "$work/answer")
    ((count == 100)) || break
    ((++page))
  done

  if [[ -z $id ]]; then
    decide "there is no ruleset \"$name\"" || return 0
    call POST "$repository/rulesets" "$work/wanted"
    echo "Created: ruleset \"$name\", $(jq -r .id "$work/answer")"
    return
  fi
  call GET "$repository/rulesets/$id?includes_parents=false"
  mv "$work/answer" "$work/actual"
  if compare "ruleset \"$name\"" "$work/actual" "$work/wanted"; then
    echo "As it should be: ruleset \"$name\", $id"
  elif decide "ruleset \"$name\", $id"; then
    call PUT "$repository/rulesets/$id" "$work/wanted"
    echo "Updated: ruleset \"$name\", $id"
  fi
}

# GitHub answers with an environment in another form than it takes one in.
# shellcheck disable=SC2016 # It is jq's.
readonly environment_as_taken='
  def rule($type): first(.protection_rules[]? | select(.type == $type)) // {};
  {
    wait_timer: (rule("wait_timer").wait_timer // 0),
    prevent_self_review: (rule("required_reviewers").prevent_self_review // false),
    reviewers: [rule("required_reviewers").reviewers[]? | {type, id: .reviewer.id}],
    deployment_branch_policy
  }'

apply_environment() { # apply_environment FILE
  local name path found=1 branch
  name=$(basename "$1" .json)
  path=$repository/environments/$name
  with_team_numbers "$1" >"$work/wanted" || exit

  if call GET "$path" --may-be-missing; then
    jq "$environment_as_taken" "$work/answer" >"$work/actual"
    call GET "$path/deployment-branch-policies?per_page=100" --may-be-missing || echo '{"branch_policies": []}' >"$work/answer"
    jq --slurpfile policies "$work/answer" '.branches = [$policies[0].branch_policies[] | select((.type // "branch") == "branch") | .name]' \
      "$work/actual" >"$work/with-branches"
    if compare "environment \"$name\"" "$work/with-branches" "$work/wanted"; then
      echo "As it should be: environment \"$name\""
      return
    fi
    decide "environment \"$name\"" || return 0
  else
    found=
    decide "there is no environment \"$name\"" || return 0
    echo '{"branches": []}' >"$work/with-branches"
  fi

  jq 'del(.branches)' "$work/wanted" >"$work/body"
  call PUT "$path" "$work/body"
  # What a deployment may come from is a list of its own. First what is missing, so that it is never open to more than before.
  while IFS= read -r branch; do
    jq -n --arg branch "$branch" '{name: $branch, type: "branch"}' >"$work/body"
    call POST "$path/deployment-branch-policies" "$work/body"
  done < <(jq -r --slurpfile actual "$work/with-branches" '.branches - $actual[0].branches | .[]' "$work/wanted")
  call GET "$path/deployment-branch-policies?per_page=100"
  mv "$work/answer" "$work/policies"
  while IFS= read -r branch; do
    call DELETE "$path/deployment-branch-policies/$branch"
  done < <(jq -r --slurpfile wanted "$work/wanted" '.branch_policies[] | select([.name] - $wanted[0].branches != []) | .id' "$work/policies")
  if [[ -n $found ]]; then echo "Updated: environment \"$name\""; else echo "Created: environment \"$name\""; fi
}

mode=apply differs=0 repository=
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit "$usage"
ruleset=$root/.github/rulesets/main.json
environments=$root/.github/environments
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --dry-run) mode=dry-run ;;
    --check) mode=check ;;
    --ruleset | --environments)
      (($# >= 2)) || fail "$usage" "$1 needs a value. Try --help."
      if [[ $1 == --ruleset ]]; then ruleset=$2; else environments=$2; fi
      shift
      ;;
    -*) fail "$usage" "No such option: $1. Try --help." ;;
    *)
      [[ -z $repository ]] || fail "$usage" 'One repository at a time. Try --help.'
      repository=$1
      ;;
  esac
  shift
done
[[ $repository =~ ^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$ ]] || fail "$usage" 'Which repository? OWNER/REPO. Try --help.'
owner=${repository%%/*}
repository=/repos/$repository
for tool in curl jq diff; do
  command -v "$tool" >/dev/null || fail "$usage" "$tool is not installed."
done
for file in "$ruleset" "$environments"/*.json; do
  jq -e 'type == "object"' "$file" >/dev/null 2>&1 || fail "$usage" "$file is missing, or no JSON object."
done
# A line end would begin another header.
GITHUB_TOKEN=$(tr -d '[:space:]' <<<"${GITHUB_TOKEN:-}")
[[ -n $GITHUB_TOKEN ]] || fail "$usage" 'GITHUB_TOKEN is not set. Try --help.'
export GITHUB_TOKEN
api=${GITHUB_API_URL:-https://api.github.com}
api=${api%/}

work=$(mktemp -d) || exit "$usage"
trap 'rm -rf "$work"' EXIT
mkdir "$work/teams"
# Of what is in a folder of our own nobody else reads; arguments everybody on the machine does.
jq -nr '
  "Authorization: Bearer \(env.GITHUB_TOKEN)", "Accept: application/vnd.github+json", "X-GitHub-Api-Version: 2022-11-28", "User-Agent: replyx"
  | "header = \(tojson)"' >"$work/curl"

apply_ruleset
for file in "$environments"/*.json; do
  apply_environment "$file"
done
[[ $mode != check || $differs == 0 ]] || exit "$different"
