#!/usr/bin/env bash
# Runs ShellCheck over every shell script that git knows here, whatever its name ends with.
#
#   check-shell.sh [--list]     --list prints the scripts instead
#
# One that begins without #! is sourced by others, with which it shares its variables: that one is not set here, or not used here, is no fault.
#
# Exit codes: 0 nothing found; 1 ShellCheck found something; 64 wrong arguments, or shellcheck or git is missing.
set -uo pipefail

readonly usage=64

scripts() { # scripts [run|sourced]
  local file first kind
  while IFS= read -r -d '' file; do
    # A file that was deleted, and not yet from git's index.
    [[ -f $file && ! -L $file ]] || continue
    IFS= read -r first <"$file" || true
    if [[ $first =~ ^#!.*[/\ ](ba|da|k)?sh([[:space:]]|$) ]]; then
      kind=run
    elif [[ $file == *.sh ]]; then
      kind=sourced
    else
      continue
    fi
    [[ ${1:-$kind} != "$kind" ]] || printf '%s\0' "$file"
  done < <(git ls-files -z --cached --others --exclude-standard)
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit "$usage"
for tool in git shellcheck; do
  command -v "$tool" >/dev/null || {
    echo "$tool is not installed." >&2
    exit "$usage"
  }
done
case ${1:-} in
  --list) scripts | tr '\0' '\n' ;;
  '')
    code=0
    scripts run | xargs -0 --no-run-if-empty shellcheck --external-sources || code=1
    scripts sourced | xargs -0 --no-run-if-empty shellcheck --external-sources --source-path=SCRIPTDIR/.. --exclude=SC2034,SC2154 || code=1
    exit "$code"
    ;;
  *)
    echo 'check-shell.sh [--list]' >&2
    exit "$usage"
    ;;
esac
