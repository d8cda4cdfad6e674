#!/usr/bin/env bash
# Makes a release of this working tree as images: what safe-websocket-deploy.sh --driver compose takes.
#
#   build-images.sh [options]
#
# Options:
#   --version VERSION      the version before the "+" and the commit (1.0.0)
#   --allow-dirty          also with changes that are not committed; the version then ends in .dirty
#   --registry PREFIX      push them, such as registry.example.com/replyx; without it they go to the local Docker
#   --archive DIR          tar files in DIR, for docker load; needs no Docker
#   --runtime RID          for another machine, such as linux-arm64 (linux-x64)
#   --base-image IMAGE     what replyx-api and replyx-realtime are made from, instead of Microsoft's
#   --smoke-base IMAGE     the same for replyx-smoke
#   --monitoring           the images of Prometheus, Alertmanager and Grafana too; PROMETHEUS_IMAGE, ALERTMANAGER_IMAGE and GRAFANA_IMAGE
#                          of the environment name other bases, "none" leaves one out
#   --help                 this text
#
# The images are replyx-api, replyx-realtime, replyx-smoke, and replyx-prometheus, replyx-alertmanager, replyx-grafana. Their tag is
# VERSION-COMMIT, twelve digits of it, and is printed at the end: never "latest", since a release does not change.
#
# Exit codes: 0 done; 1 a build failed; 64 wrong options, or the tree has changes.

set -uo pipefail
export LC_ALL=C

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd) || exit 64
# shellcheck source-path=SCRIPTDIR source=lib/version.sh
. "$repository/scripts/deploy/lib/version.sh"

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\n' "$1" >&2
  exit 64
}

number=1.0.0 allow_dirty=false registry='' archive='' runtime=linux-x64 base='' smoke_base='' is_monitoring=false
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --allow-dirty) allow_dirty=true ;;
    --monitoring) is_monitoring=true ;;
    --version | --registry | --archive | --runtime | --base-image | --smoke-base)
      (($# > 1)) || wrong_usage "$1 needs a value."
      case $1 in
        --version) number=$2 ;;
        --registry) registry=${2%/} ;;
        --archive) archive=$2 ;;
        --runtime) runtime=$2 ;;
        --base-image) base=$2 ;;
        --smoke-base) smoke_base=$2 ;;
      esac
      shift
      ;;
    *) wrong_usage "There is no option $1. Try --help." ;;
  esac
  shift
done
[[ $runtime =~ ^linux-[a-z0-9-]+$ ]] || wrong_usage '--runtime takes one of Linux, such as linux-x64.'
[[ -z $registry || $registry =~ ^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$ ]] || wrong_usage '--registry takes host[:port][/path].'
[[ -z $registry || -z $archive ]] || wrong_usage 'Either --registry or --archive.'
command -v dotnet >/dev/null || wrong_usage 'dotnet is not installed.'
[[ -n $archive && $is_monitoring == false ]] || command -v docker >/dev/null || wrong_usage 'docker is not installed.'

name_release "$number" "$allow_dirty"
tag=$number-${commit:0:12}
[[ $dirty == false ]] || tag+=-dirty
if [[ -n $archive ]]; then
  mkdir -p -- "$archive" || exit 64
  archive=$(cd "$archive" && pwd)
fi

# publish PROJECT NAME BASE
publish() {
  local -a options=(--nologo -v quiet -c Release -r "$runtime" --no-self-contained -t:PublishContainer "-p:ContainerImageTag=$tag"
    "-p:InformationalVersion=$version" -p:IncludeSourceRevisionInInformationalVersion=false)
  [[ -z $3 ]] || options+=("-p:ContainerBaseImage=$3")
  if [[ -n $archive ]]; then
    options+=("-p:ContainerArchiveOutputPath=$archive/$2.tar.gz")
  elif [[ -n $registry ]]; then
    options+=("-p:ContainerRegistry=${registry%%/*}")
    [[ $registry != */* ]] || options+=("-p:ContainerRepository=${registry#*/}/$2")
  fi
  echo "Making $2:$tag"
  dotnet publish "$repository/$1" "${options[@]}" || exit 1
}

# build NAME: of observability/, unless its base is "none".
build() {
  local variable=${1^^}_IMAGE image=${registry:+$registry/}replyx-$1:$tag
  local -a options=(--quiet --tag "$image")
  [[ ${!variable:-} != none ]] || return 0
  [[ -z ${!variable:-} ]] || options+=(--build-arg "$variable=${!variable}")
  echo "Making replyx-$1:$tag"
  docker build "${options[@]}" "$repository/observability/$1" || exit 1
  if [[ -n $archive ]]; then
    docker save "$image" | gzip >"$archive/replyx-$1.tar.gz" || exit 1
  elif [[ -n $registry ]]; then
    docker push --quiet "$image" || exit 1
  fi
}

publish ReplyX.Api/ReplyX.Api.csproj replyx-api "$base"
publish ReplyX.Realtime/ReplyX.Realtime.csproj replyx-realtime "$base"
publish tools/ReplyX.Smoke/ReplyX.Smoke.csproj replyx-smoke "$smoke_base"
if [[ $is_monitoring == true ]]; then
  build prometheus
  build alertmanager
  build grafana
fi
echo "$tag"
