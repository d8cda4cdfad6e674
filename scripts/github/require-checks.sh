#!/usr/bin/env bash
# Fails unless a commit passed every check that the ruleset of main requires.
#
#   require-checks.sh OWNER/REPO COMMIT
#
# Environment: GH_TOKEN, with "Checks: read".
# Exit codes: 0 all passed; 1 one did not, or has not ended; 2 GitHub did not answer; 64 wrong arguments, or gh or jq is missing.
set -uo pipefail

readonly not_passed=1 unreachable=2 usage=64

[[ ${1:-} =~ ^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$ && ${2:-} =~ ^[0-9a-f]{40}$ && $# == 2 ]] || {
  echo 'require-checks.sh OWNER/REPO COMMIT' >&2
  exit "$usage"
}
for tool in gh jq; do
  command -v "$tool" >/dev/null || {
    echo "$tool is not installed." >&2
    exit "$usage"
  }
done

ruleset=$(dirname "${BASH_SOURCE[0]}")/../../.github/rulesets/main.json
code=0
while IFS=$'\t' read -r context app; do
  runs=$(gh api --method GET "repos/$1/commits/$2/check-runs" -f check_name="$context" -F app_id="$app" -f filter=latest </dev/null) || {
    echo "GitHub did not say how $context ended." >&2
    exit "$unreachable"
  }
  conclusion=$(jq -r '.check_runs | if length == 0 then "not run" else map(.conclusion // .status) | unique | join(", ") end' <<<"$runs")
  echo "$context: $conclusion"
  [[ $conclusion == success ]] || code=$not_passed
done < <(jq -r '.rules[] | select(.type == "required_status_checks").parameters.required_status_checks[] | [.context, .integration_id] | @tsv' "$ruleset")
exit "$code"
