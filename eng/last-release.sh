#!/usr/bin/env bash
# Builds the services of the last release from the history, to be run beside those of the working tree.
#
#   last-release.sh
#
# The commit is the one that deploy/last-release names. Its api/ and realtime/ are published into artifacts/last-release/COMMIT, once; a
# later call finds them there. The last line of the output is that folder.
#
# Exit codes: 0 it is there; 2 the commit is not to be had: no git, no repository, or a shallow clone; 1 the build failed.

set -uo pipefail
export LC_ALL=C DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd) || exit 1

missing() {
  echo "$1" >&2
  exit 2
}

commit=$(tr -d '[:space:]' <"$repository/deploy/last-release") || missing 'deploy/last-release cannot be read.'
[[ $commit =~ ^[0-9a-f]{40}$ ]] || missing "deploy/last-release names no commit: $commit"
folder=$repository/artifacts/last-release/$commit
if [[ -f $folder/VERSION ]]; then
  echo "$folder"
  exit 0
fi
command -v git >/dev/null || missing 'git is not installed.'
git -C "$repository" cat-file -e "$commit^{commit}" 2>/dev/null || missing "This clone does not have the commit $commit."

# Made beside and renamed, so that no half of it is ever taken for the whole. The sources come as an archive: a worktree that was cut
# would have to be cleared up in the repository.
mkdir -p -- "$repository/artifacts/last-release" || exit 1
work=$(mktemp -d -- "$repository/artifacts/last-release/.partial-XXXXXX") || exit 1
trap 'rm -rf -- "$work"' EXIT
mkdir -- "$work/source" "$work/release"
git -C "$repository" archive --format=tar "$commit" | tar -x -C "$work/source" || exit 1

# What the compiler has to say of old code, nobody needs to hear again.
options=(--nologo -v quiet -c Release --no-self-contained -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false
  -p:GenerateDocumentationFile=false -p:DebugType=none "-p:InformationalVersion=1.0.0+$commit" -p:IncludeSourceRevisionInInformationalVersion=false)
for service in Api Realtime; do
  echo "Publishing $service of $commit"
  dotnet publish "$work/source/ReplyX.$service/ReplyX.$service.csproj" "${options[@]}" -o "$work/release/${service,,}" || exit 1
done
printf 'version=1.0.0+%s\ncommit=%s\n' "$commit" "$commit" >"$work/release/VERSION"
if ! mv -T -- "$work/release" "$folder" 2>/dev/null; then
  # Somebody else was faster.
  [[ -f $folder/VERSION ]] || exit 1
fi
echo "$folder"
