#!/usr/bin/env bash
# Runs ShellCheck over every shell script that git knows here, whatever its name ends with.
#
#   check-shell.sh [--list]     --list prints the scripts instead
#
# Exit codes: 0 nothing found; 1 ShellCheck found something; 64 wrong arguments, or shellcheck or git is missing.
set -uo pipefail

readonly usage=64

scripts() {
  local file first
  while IFS= read -r -d '' file; do
    # A file that was deleted, and not yet from git's index.
    [[ -f $file && ! -L $file ]] || continue
    IFS= read -r first <"$file" || true
    [[ $file == *.sh || $first =~ ^#!.*[/\ ](ba|da|k)?sh([[:space:]]|$) ]] 2>/dev/null && printf '%s\0' "$file"
  done < <(git ls-files -z --cached --others --exclude-standard)
  return 0
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
  '') scripts | xargs -0 --no-run-if-empty shellcheck --external-sources || exit 1 ;;
  *)
    echo 'check-shell.sh [--list]' >&2
    exit "$usage"
    ;;
esac
