#!/usr/bin/env bash
# Silences what a deploy raises by itself, so that whoever is on call is not woken by it.
#   silence.sh start URL [--for 15m] [--comment TEXT]   prints the silence's id
#   silence.sh end URL ID                               ends it; ending one that is over already is no error
# URL is where Alertmanager answers, such as http://localhost:9093. --for takes s, m or h, up to 2 hours.
#
# Silenced are NodeLost and ScrapeFails: nodes go away one after the other, and one whose drain no scrape saw counts as lost; a process
# that starts answers no scrape. Nothing else: NoNodes, ApiDown, BackplaneDown, ConnectsFail, DeliverySlow and the two of availability
# mean that visitors notice the deploy, and TargetsMissing and SeriesMissing that nobody would see it if they did. What is still on when
# the silence ends is told then. NodeLost looks back 15 minutes: where the deploy raised it, let the silence run out.
#
# Exit codes: 0 done; 1 Alertmanager refused, or knows no such silence; 2 wrong arguments; 3 Alertmanager cannot be reached.
set -euo pipefail

alerts='NodeLost|ScrapeFails'
longest=7200

fail() { # fail CODE MESSAGE
  echo "silence.sh: $2" >&2
  exit "$1"
}

usage() {
  fail 2 "$1 (silence.sh start URL [--for 15m] [--comment TEXT] | silence.sh end URL ID)"
}

# Sets status and body. What Alertmanager refuses is for the caller to judge.
call() { # call METHOD PATH [JSON]
  local answer code=0
  local -a data=()
  [ $# -lt 3 ] || data=(-H 'Content-Type: application/json' --data-raw "$3")
  answer=$(curl --silent --show-error --globoff --max-time 10 --write-out '\n%{http_code}' -X "$1" ${data[@]+"${data[@]}"} -- "$url$2") || code=$?
  [ "$code" = 0 ] || fail 3 "no answer (curl's exit code is $code)"
  status=${answer##*$'\n'}
  body=${answer%$'\n'*}
}

refused() {
  fail 1 "Alertmanager answered $status: $body"
}

at() { # at SECONDS: as RFC 3339; GNU and BusyBox, else BSD
  date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$1" +%Y-%m-%dT%H:%M:%SZ
}

start() {
  local duration=15m comment='A deploy' seconds now
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage "$1 needs a value"
    case $1 in
      --for) duration=$2 ;;
      --comment) comment=$2 ;;
      *) usage "unknown argument: $1" ;;
    esac
    shift 2
  done
  [[ $duration =~ ^([1-9][0-9]{0,4})([smh])$ ]] || usage "--for is no duration such as 90s, 15m or 1h: $duration"
  seconds=${BASH_REMATCH[1]}
  case ${BASH_REMATCH[2]} in
    m) seconds=$((seconds * 60)) ;;
    h) seconds=$((seconds * 3600)) ;;
  esac
  [ "$seconds" -le "$longest" ] || usage "--for is more than 2 hours: $duration"
  [[ -n $comment && ! $comment =~ [[:cntrl:]] ]] || usage '--comment is empty, or has a control character'
  comment=${comment//\\/\\\\}
  comment=${comment//\"/\\\"}

  now=$(date +%s)
  call POST /api/v2/silences '{
    "matchers": [{"name": "alertname", "value": "'"$alerts"'", "isRegex": true, "isEqual": true}],
    "startsAt": "'"$(at "$now")"'", "endsAt": "'"$(at $((now + seconds)))"'",
    "createdBy": "silence.sh", "comment": "'"$comment"'"
  }'
  [ "$status" = 200 ] || refused
  [[ $body =~ \"silenceID\":\ *\"([^\"]+)\" ]] || refused
  echo "${BASH_REMATCH[1]}"
}

end() {
  [ $# = 1 ] || usage 'end takes a URL and an id'
  [[ $1 =~ ^[0-9A-Za-z-]+$ ]] || usage "no id of a silence: $1"
  # Asked first, since Alertmanager takes the end of one that has ended for an error of its own.
  call GET "/api/v2/silence/$1"
  [ "$status" != 404 ] || fail 1 "no such silence: $1"
  [ "$status" = 200 ] || refused
  [[ ! $body =~ \"state\":\ *\"expired\" ]] || return 0
  call DELETE "/api/v2/silence/$1"
  [ "$status" = 200 ] || refused
}

[ $# -ge 2 ] || usage 'too few arguments'
action=$1 url=${2%/}
shift 2
[[ $url =~ ^https?://[^[:space:][:cntrl:]?#]+$ ]] || usage "no http or https URL: $url"
command -v curl >/dev/null || fail 3 'curl is missing'
case $action in
  start) start "$@" ;;
  end) end "$@" ;;
  *) usage "neither start nor end: $action" ;;
esac
