#!/usr/bin/env bash
# Rehearses deploys in containers on this machine, with a site of its own, and visitors who write all the while.
#
#   rehearse-containers.sh [options]
#
# Options:
#   --work DIR       where everything goes that is made; kept afterwards, for its logs (a folder in /tmp)
#   --images FILE    KEY=value lines: other images than those of Docker's and Microsoft's registries. REDIS_IMAGE, NGINX_IMAGE, PROMETHEUS_IMAGE,
#                    ALERTMANAGER_IMAGE, GRAFANA_IMAGE ("none" leaves it out), BASE_IMAGE of the services, SMOKE_BASE_IMAGE, and variables of
#                    compose.env or of the builds. rehearsal/debian-bases.sh makes such images where no registry is reached
#   --releases A,B   tags of images that are there, instead of making them
#   --port PORT      HTTPS port on the loopback, the one for HTTP is the next (8443)
#   --subnet A.B.C   the first three numbers of a /24 that is free here (172.30.231)
#   --visitors N     how many there are, each on a socket (200)
#   --keep           leave the containers running
#   --help           this text
#
# Needs Docker as root on this machine with docker compose 2, the .NET SDK, Node 22 (or 20), jq, curl and openssl. Two releases are made from
# this working tree, changes included, and one that does not start. Then: the first deploy; one that cannot start; one that is healthy, and
# whose messages do not arrive; a deploy; a rollback; a deploy that is killed at every step; a rollback from a colour that is dead; a deploy
# whose node dies while it is watched. All the while visitors write, and the front door is asked. All under a project name of its own,
# "replyx-rehearsal"; it is taken down at the end, volumes and all. Whose words come when is in DIR/timeline.log.
#
# Exit codes: 0 all went as it should: no message was lost, no request failed, no socket was moved twice; 1 something did not; 64 wrong
# options, or a tool is missing.

# shellcheck disable=SC2317 # Functions are called by their names.
set -uo pipefail
export LC_ALL=C
umask 027

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd) || exit 64

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\n' "$1" >&2
  exit 64
}

work='' images='' releases='' port=8443 subnet=172.30.231 count=200 is_kept=false
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --keep) is_kept=true ;;
    --work | --images | --releases | --port | --subnet | --visitors)
      (($# > 1)) || wrong_usage "$1 needs a value."
      case $1 in
        --work) work=$2 ;;
        --images) images=$2 ;;
        --releases) releases=$2 ;;
        --port) port=$2 ;;
        --subnet) subnet=$2 ;;
        --visitors) count=$2 ;;
      esac
      shift
      ;;
    *) wrong_usage "There is no option $1. Try --help." ;;
  esac
  shift
done
[[ $port =~ ^[1-9][0-9]{0,4}$ ]] || wrong_usage '--port takes a port.'
[[ $subnet =~ ^[0-9]{1,3}(\.[0-9]{1,3}){2}$ ]] || wrong_usage '--subnet takes three numbers such as 172.30.231.'
[[ $count =~ ^[1-9][0-9]{0,3}$ ]] || wrong_usage '--visitors takes a number up to 9999.'
[[ $releases =~ ^$|^[^,]+,[^,]+$ ]] || wrong_usage '--releases takes two tags with a comma between.'
[[ -z $images || -r $images ]] || wrong_usage "$images cannot be read."
for tool in docker dotnet node jq curl openssl flock git; do
  command -v "$tool" >/dev/null || wrong_usage "$tool is not installed."
done
docker compose version >/dev/null 2>&1 || wrong_usage 'docker compose, version 2, is not installed.'
node=(node)
(($(node -p 'process.versions.node.split(".")[0]') >= 22)) || node+=(--experimental-websocket)

if [[ -z $work ]]; then
  work=$(mktemp -d) || exit 64
else
  mkdir -p -- "$work" || exit 64
  work=$(cd "$work" && pwd)
  [[ ! -e $work/state ]] || wrong_usage "$work is of another rehearsal."
fi
export NGINX_HTTP2_LISTEN='' NGINX_HTTP2='http2 on;' NGINX_KEEPALIVE='keepalive_min_timeout 5s;'
if [[ -n $images ]]; then
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
    [[ $line =~ ^([A-Z][A-Z0-9_]*)=(.*)$ ]] || wrong_usage "$images: not KEY=value: $line"
    export "${BASH_REMATCH[1]}=${BASH_REMATCH[2]}"
  done <"$images"
fi

export no_proxy=localhost,127.0.0.1,$subnet.131,$subnet.132${no_proxy:+,$no_proxy}
# Where less is allowed here, it is enough for a rehearsal.
FILES_LIMIT=$(ulimit -Hn)
[[ $FILES_LIMIT != unlimited ]] && ((FILES_LIMIT < 65536)) || FILES_LIMIT=65536
export FILES_LIMIT

visitors=''
finish() {
  [[ -z $visitors ]] || kill "$visitors" 2>/dev/null
  cat "$work/deploys.log" "$work/visitors.log" 2>/dev/null | grep -E '^[0-9-]{10}T[0-9:]{8}Z' | sort -s -k 1,1 >"$work/timeline.log"
  [[ $is_kept == true ]] || compose down --volumes --timeout 5 >"$work/down.log" 2>&1
  echo "What was written is in $work."
}

failed=0
readonly telling='\[[ 0-9]+/|rollback|warning|[Tt]aken back|Not deployed|failed|watch:'
# expect CODE NAME COMMAND…: its output goes to a log, and the lines that tell its way to the terminal.
expect() {
  local expected=$1 name=$2 code=0
  shift 2
  echo "== $name"
  "$@" 2>&1 | tee -a "$work/deploys.log" | grep --line-buffered -E "$telling"
  code=${PIPESTATUS[0]}
  if ((code == expected)); then
    echo "   exit code $code, as it should"
  else
    echo "   FAILED: exit code $code, not $expected"
    failed=1
  fi
}

check() { # check NAME COMMAND…
  local name=$1
  shift
  if "$@"; then
    echo "   $name"
  else
    echo "   FAILED: $name"
    failed=1
  fi
}

# --- Releases ----------------------------------------------------------------------------------------------------------------

base=()
[[ -z ${BASE_IMAGE:-} ]] || base=(--base-image "$BASE_IMAGE" --smoke-base "${SMOKE_BASE_IMAGE:-$BASE_IMAGE}")
build() { # build VERSION [OPTIONS…]: prints the tag
  "$repository/scripts/deploy/build-images.sh" --allow-dirty --version "$@" "${base[@]}" >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; exit 1; }
  tail -n 1 "$work/build.log"
}
echo '== Images'
if [[ -n $releases ]]; then
  first=${releases%,*} second=${releases#*,}
else
  first=$(build 1.0.1 --monitoring) || exit 1
  second=$(build 1.0.2) || exit 1
fi
# One that starts, finds a setting that cannot work, and ends.
broken=1.0.3-broken
docker build --quiet --tag "replyx-api:$broken" - <<END >/dev/null || exit 1
FROM replyx-api:$second
ENV Limits__MaxBodyBytes=1
END
for part in realtime smoke; do
  ! docker image inspect "replyx-$part:$second" >/dev/null 2>&1 || docker tag "replyx-$part:$second" "replyx-$part:$broken"
done
echo "   $first, $second, $broken"

# --- A site of its own -------------------------------------------------------------------------------------------------------

mkdir -p "$work/tls" || exit 1
"$repository/deploy/secrets/create.sh" --directory "$work/secrets" --group "$((RANDOM + 40000))" >"$work/secrets.log" || exit 1
gid=$(sed -n 's/^REPLYX_SECRETS_GID=//p' "$work/secrets.log")
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$work/tls/chat.key" -out "$work/tls/chat.pem" 2>/dev/null || exit 1
chgrp -R "$gid" "$work/tls" && chmod 750 "$work/tls" && chmod 644 "$work/tls/chat.pem" && chmod 640 "$work/tls/chat.key" || exit 1
profiles=monitoring
[[ ${GRAFANA_IMAGE:-} == none ]] || profiles+=,dashboards
cat >"$work/compose.env" <<END
REPLYX_PUBLIC_HOST=localhost
REPLYX_PUBLIC_PORT=:$port
REPLYX_HTTPS_BIND=127.0.0.1:$port
REPLYX_HTTP_BIND=127.0.0.1:$((port + 1))
REPLYX_SUBNET=$subnet
REPLYX_TLS_DIR=$work/tls
REPLYX_ACME_DIR=$work/acme
REPLYX_SECRETS_DIR=$work/secrets
REPLYX_SECRETS_GID=$gid
REPLYX_MONITORING_TAG=$first
BOOTSTRAP_ACCOUNT_NAME=The rehearsal
BOOTSTRAP_OWNER_LOGIN=owner@rehearsal.example
COMPOSE_PROFILES=$profiles
END
cat >"$work/deploy.env" <<END
STATE_DIR=$work/state
PUBLIC_URL=https://localhost:$port
CA_FILE=$work/tls/chat.pem
OPERATIONS_TOKEN_FILE=$work/secrets/Operations__Token
COMPOSE_PROJECT=replyx-rehearsal
COMPOSE_ENV_FILE=$work/compose.env
COMPOSE_FILES=docker-compose.yml:docker-compose.blue.yml:docker-compose.green.yml:$work/limits.yml
WATCH_SECONDS=10
WATCH_INTERVAL=1
SMOKE_INTERVAL=5
END
# All visitors have one address here.
{
  echo 'services:'
  for service in {api,realtime}-{blue,green}{,-1,-2}; do
    [[ $service =~ ^api-[a-z]+$|^realtime-[a-z]+-[12]$ ]] || continue
    printf '  %s:\n    environment:\n' "$service"
    if [[ $service == api-* ]]; then
      printf '      Limits__%s__Burst: 100000\n      Limits__%s__PerMinute: 600000\n' Address Address NewGuests NewGuests
    else
      printf '      Limits__%s: 10000\n' SocketsPerAddress ConnectsPerSecond ConnectBurst
    fi
  done
} >"$work/limits.yml"
compose() {
  REPLYX_BLUE_TAG=$first REPLYX_GREEN_TAG=$second REPLYX_UPSTREAMS_DIR=$work/state/upstreams docker compose --project-name replyx-rehearsal \
    --project-directory "$repository/deploy" --env-file "$work/compose.env" -f "$repository/deploy/docker-compose.yml" \
    -f "$repository/deploy/docker-compose.blue.yml" -f "$repository/deploy/docker-compose.green.yml" -f "$work/limits.yml" "$@" </dev/null
}
[[ -z $(compose ps --all --quiet 2>/dev/null) ]] || wrong_usage 'Containers of another rehearsal are there.'
trap finish EXIT
trap 'exit 130' INT TERM

deploy() { "$repository/scripts/deploy/safe-websocket-deploy.sh" --driver compose --config "$work/deploy.env" --release "$@"; }
roll_back() { "$repository/scripts/deploy/websocket-rollback.sh" --driver compose --config "$work/deploy.env" --reason rehearsal; }
current_is() { [[ $(<"$work/state/current") == "$1" && $(readlink "$work/state/upstreams/active.conf") == "$1.conf" ]]; }

call() { # call METHOD PATH [TOKEN] <BODY: as JSON
  curl -fsS --cacert "$work/tls/chat.pem" -X "$1" -H 'Content-Type: application/json' \
    --config <([[ -z ${3:-} ]] || printf 'header = "Authorization: Bearer %s"\n' "$3") --data @- "https://localhost:$port$2"
}

expect 0 'The first deploy' deploy "$first" --watch 3
check 'visitors get blue' current_is blue
((failed == 0)) || exit 1

check 'those who watch are started' compose --progress quiet up -d --no-build prometheus alertmanager
# Not before: an address that no container has leads out of this machine.
printf '%s\n' "PROMETHEUS_URL=http://$subnet.131:9090" "ALERTMANAGER_URL=http://$subnet.132:9093" >>"$work/deploy.env"
token=$(jq -n --rawfile password "$work/secrets/Bootstrap__OwnerPassword" \
  '{ login: "owner@rehearsal.example", password: ($password | rtrimstr("\n")) }' | call POST /api/operator/sign-in | jq -er .token) || exit 1
site=$(call POST /api/sites "$token" <<<'{ "name": "The rehearsal", "origins": ["https://shop.example"] }' | jq -er .id) || exit 1
jq -n --arg id "$site" '{ site_id: $id }' | call POST /api/site-token "$token" | jq -er .site_token >"$work/site-token" || exit 1
chmod 600 "$work/site-token"
echo "SMOKE_SITE_TOKEN_FILE=$work/site-token" >>"$work/deploy.env"

: >"$work/visitors.log"
REPLYX_API=https://localhost:$port REPLYX_SITE_TOKEN=$(<"$work/site-token") REPLYX_OPERATOR_TOKEN=$token REPLYX_OUTAGE=$work/outage \
  NODE_EXTRA_CA_CERTS=$work/tls/chat.pem NODE_NO_WARNINGS=1 \
  "${node[@]}" "$repository/deploy/rehearsal/visitors.js" "$count" > >(tee "$work/visitors.log" | sed -u 's/^/      /') 2>&1 &
visitors=$!
# said PATTERN [TIMES]: visitors did, so often, within a minute.
said() {
  local i
  for ((i = 0; i < 600; i++)); do
    (($(grep -c -- "$1" "$work/visitors.log") < ${2:-1})) || return 0
    kill -0 "$visitors" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
asked=0
# reconnected FROM TO: how often each visitor did since the last time.
reconnected() {
  local from to
  kill -USR2 "$visitors" && said 'reconnects of each' "$((++asked))" || return 1
  read -r from to < <(sed -nE 's/.*reconnects of each: ([0-9]+) to ([0-9]+)$/\1 \2/p' "$work/visitors.log" | tail -n 1)
  ((from >= $1 && to <= $2))
}
check "$count visitors write through the front door" said 'visitors are connected'

expect 2 'A release that does not start' deploy "$broken"
check 'visitors still get blue' current_is blue
# Another database of the same Redis: each colour is well by itself.
cp -a "$work/secrets" "$work/other-secrets" && printf '%s,defaultDatabase=1' "$(<"$work/secrets/ConnectionStrings__redis")" >"$work/other-secrets/ConnectionStrings__redis" || exit 1
REPLYX_SECRETS_DIR=$work/other-secrets expect 2 'A release that is well, and whose messages do not arrive' deploy "$second"
check 'visitors still get blue' current_is blue
check 'no socket was moved' reconnected 0 0
expect 0 'A deploy' deploy "$second"
check 'visitors get green' current_is green
check 'each socket was moved once' reconnected 1 1
expect 0 'A rollback' roll_back
check 'visitors get blue' current_is blue
check 'each socket was moved once' reconnected 1 1

echo '== A deploy that is killed at every step'
for step in 3 4 5 6 7 8 9 10; do
  (exec "$repository/scripts/deploy/safe-websocket-deploy.sh" --driver compose --config "$work/deploy.env" --release "$second") >"$work/killed-$step.log" 2>&1 &
  deploying=$!
  while kill -0 "$deploying" 2>/dev/null && (($(sed -n 's/^step=//p' "$work/state/deploy.journal" 2>/dev/null) + 0 < step)); do sleep 0.05; done
  kill -KILL "$deploying" 2>/dev/null
  wait "$deploying" 2>/dev/null
  check "killed at step $step" [ $? -eq 137 ]
  tee -a "$work/deploys.log" <"$work/killed-$step.log" | grep --line-buffered -E "$telling"
done
expect 0 'It goes on' deploy "$second"
check 'visitors get green' current_is green
check 'each socket was moved once' reconnected 1 1

touch "$work/outage"
compose ps --quiet api-green realtime-green-1 realtime-green-2 | xargs -r docker kill >/dev/null
expect 0 'A rollback from a colour that is dead' roll_back
check 'visitors get blue' current_is blue
check 'each socket was moved once' reconnected 1 1
rm "$work/outage"

# A node dies as soon as the release is watched.
(
  for ((i = 0; i < 1200; i++)); do
    grep -qs '^step=9' "$work/state/deploy.journal" && break
    sleep 0.1
  done
  docker kill "$(compose ps --quiet realtime-green-2)" >/dev/null
) &
killer=$!
expect 1 'A release whose node dies' deploy "$second" --watch 60
kill "$killer" 2>/dev/null
check 'visitors get blue again' current_is blue
# There, back, and once more from the node that died.
check 'each socket was moved at most thrice' reconnected 1 3

targets() {
  local i
  for ((i = 0; i < 150; i++)); do
    curl -fsS "http://$subnet.131:9090/api/v1/targets" 2>/dev/null |
      jq -e '[.data.activeTargets[] | select(.labels.job == "api" or .labels.job == "realtime") | .health] | length == 3 and all(. == "up")' >/dev/null && return 0
    sleep 0.2
  done
  return 1
}
check 'Prometheus scrapes the Api and two nodes' targets

kill -TERM "$visitors"
wait "$visitors"
code=$?
visitors=''
check 'no message was lost, and no request failed' [ "$code" -eq 0 ]
((failed == 0)) && echo 'All went as it should.'
exit "$failed"
