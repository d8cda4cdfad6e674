#!/usr/bin/env bash
# Makes a release of this working tree: what safe-websocket-deploy.sh --driver processes takes.
#
#   publish-release.sh DIR [options]
#
# Options:
#   --self-contained RID   with .NET in it, for a machine without; RID such as linux-x64
#   --version VERSION      the version before the "+" and the commit (1.0.0)
#   --allow-dirty          also with changes that are not committed; the version then ends in .dirty
#   --help                 this text
#
# DIR must not exist: a release is never changed, since processes may run from it. It gets api/, realtime/, smoke/ and VERSION, with
# version, commit, dirty and built. Services report that version: /internal/nodes, replyx_build_info.
#
# Exit codes: 0 done; 1 the build failed; 64 wrong options, or the tree has changes.

set -uo pipefail
export LC_ALL=C
# With it cd goes elsewhere, and says so where only pwd is to be heard.
unset CDPATH

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd) || exit 64
# shellcheck source-path=SCRIPTDIR source=lib/version.sh
. "$repository/scripts/deploy/lib/version.sh"

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\n' "$1" >&2
  exit 64
}

directory='' runtime='' number=1.0.0 allow_dirty=false
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --allow-dirty) allow_dirty=true ;;
    --self-contained | --version)
      (($# > 1)) || wrong_usage "$1 needs a value."
      case $1 in
        --self-contained) runtime=$2 ;;
        --version) number=$2 ;;
      esac
      shift
      ;;
    -*) wrong_usage "There is no option $1. Try --help." ;;
    *)
      [[ -z $directory ]] || wrong_usage 'One folder, not two.'
      directory=$1
      ;;
  esac
  shift
done
# A slash at its end would put what is made beside it into it.
while [[ $directory == ?*/ ]]; do directory=${directory%/}; done
[[ -n $directory ]] || wrong_usage 'The folder is missing. Try --help.'
[[ ! -e $directory ]] || wrong_usage "$directory is there already: a release is never changed."
[[ $runtime =~ ^[a-z0-9.-]*$ ]] || wrong_usage '--self-contained takes a runtime such as linux-x64.'
command -v dotnet >/dev/null || wrong_usage 'dotnet is not installed.'

name_release "$number" "$allow_dirty"

# Made beside and renamed, so that no half of a release is ever taken for one.
partial=$directory.partial
rm -rf -- "$partial"
mkdir -p -- "$partial" || exit 64
partial=$(cd "$partial" && pwd)
trap 'rm -rf -- "$partial"' EXIT

# publish PROJECT FOLDER
publish() {
  local -a options=(--nologo -v quiet -c Release -o "$partial/$2" "-p:InformationalVersion=$version"
    -p:IncludeSourceRevisionInInformationalVersion=false)
  if [[ -n $runtime ]]; then options+=(--self-contained -r "$runtime"); else options+=(--no-self-contained); fi
  echo "Publishing $1"
  dotnet publish "$repository/$1" "${options[@]}" || exit 1
}

publish ReplyX.Api/ReplyX.Api.csproj api
publish ReplyX.Realtime/ReplyX.Realtime.csproj realtime
publish tools/ReplyX.Smoke/ReplyX.Smoke.csproj smoke
printf 'version=%s\ncommit=%s\ndirty=%s\nbuilt=%s\n' "$version" "$commit" "$dirty" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$partial/VERSION"
chmod -R go-w "$partial"
mv -T -- "$partial" "$directory" || exit 1
trap - EXIT
echo "$directory is $version"
