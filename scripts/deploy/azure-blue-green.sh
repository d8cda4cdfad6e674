#!/usr/bin/env bash
# Deploys realtime and api to Azure Container Apps beside what runs, moves visitors over, and goes back by itself if anything is wrong.
#
#   azure-blue-green.sh deploy   --resource-group RG [options]
#   azure-blue-green.sh rollback --resource-group RG [options]
#   azure-blue-green.sh status   --resource-group RG
#
# deploy    azd builds and deploys new revisions, which get no traffic; they are checked at their own addresses; traffic goes to the new
#           realtime, then to the new api; the old nodes are drained; all is watched; the old revisions are deactivated.
# rollback  starts the revisions before, moves traffic to that api, then to that realtime, and drains the nodes left.
# status    the revisions, their labels and traffic.
#
# Options:
#   --resource-group RG      the group that azd made: rg- and the name of azd's environment
#   --environment NAME       azd's environment, if it is not the default one
#   --api-url URL            where visitors find api, if not at its own name in azurecontainerapps.io
#   --realtime-url URL       where their sockets go, likewise
#   --check COMMAND          checks a deployment: COMMAND REALTIME_URL --api API_URL (scripts/websocket-health-check.sh)
#   --smoke COMMAND          checks old and new across before the switch: ReplyX.Smoke of the release
#   --timeout SECONDS        for a revision to be ready, and for a node to be drained (300)
#   --watch SECONDS          how long all is watched after the switch (300)
#   --interval SECONDS       between two looks (5)
#   --dry-run                read, say what would be done, and change nothing
#   --help                   this text
#
# Environment:
#   METRICS_TOKEN_FILE, OPERATIONS_TOKEN_FILE   files with the two tokens: who the nodes are, and to drain them. Without them nodes are not
#                                               drained before the old revision stops; they drain by themselves then.
#   HEALTH_…, SMOKE_…                           credentials of --check and --smoke, passed on
#
# The state is azd's environment: AZURE_{API,REALTIME}_TRAFFIC, which every `azd deploy` keeps to, and AZURE_PREVIOUS, for a rollback. After
# an interruption the same command deploys anew; what it left is deactivated at the end. Or a rollback goes back with what was switched.
#
# Exit codes:
#   0     the new revisions serve visitors; with rollback, the ones before
#   1     they were taken back after the switch
#   2     the deploy failed before the switch; nothing changed for visitors. With status: the apps cannot be read
#   3     going back failed, or a rollback did: people are needed
#   64    wrong options, or a tool is missing; with rollback, there is nothing to go back to

set -uo pipefail
export LC_ALL=C

readonly taken_back=1 before_switch=2 stuck=3 usage=64
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd) || exit 64
readonly here

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

# What tools say must not write control characters on a terminal or into a log.
clean() {
  local text=${1//[$'\n\t']/ }
  printf '%s' "${text//[^[:print:]]/?}"
}

say() { printf '%(%Y-%m-%dT%H:%M:%SZ)T %s\n' -1 "$(clean "$*")"; }

warn() { say "warning: $*" >&2; }

wrong_usage() {
  printf '%s\nTry --help.\n' "$(clean "$1")" >&2
  exit "$usage"
}

command='' group='' environment='' api_url='' realtime_url='' check=$here/../websocket-health-check.sh smoke='' is_dry_run=false
timeout=300 watch=300 interval=5

(($#)) || wrong_usage 'deploy, rollback or status?'
case $1 in
  deploy | rollback | status) command=$1 ;;
  --help)
    help
    exit 0
    ;;
  *) wrong_usage "unknown command: $1" ;;
esac
shift
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --dry-run)
      is_dry_run=true
      shift
      continue
      ;;
    --resource-group | --environment | --api-url | --realtime-url | --check | --smoke | --timeout | --watch | --interval) ;;
    *) wrong_usage "unknown option: $1" ;;
  esac
  [[ -n ${2:-} ]] || wrong_usage "$1 needs a value"
  case $1 in
    --resource-group) group=$2 ;;
    --environment) environment=$2 ;;
    --api-url) api_url=${2%/} ;;
    --realtime-url) realtime_url=${2%/} ;;
    --check) check=$2 ;;
    --smoke) smoke=$2 ;;
    --timeout) timeout=$2 ;;
    --watch) watch=$2 ;;
    --interval) interval=$2 ;;
  esac
  shift 2
done
[[ -n $group ]] || wrong_usage '--resource-group is missing'
for number in "$timeout" "$watch"; do
  [[ $number =~ ^[0-9]{1,6}$ ]] || wrong_usage "no number of seconds: $number"
done
# Names and certificates of a new address take a moment.
settle=$((timeout < 30 ? timeout : 30))
[[ $interval =~ ^[0-9]{1,4}(\.[0-9]{1,3})?$ ]] || wrong_usage "no number of seconds: $interval"
for url in "$api_url" "$realtime_url"; do
  [[ -z $url || $url =~ ^https://[A-Za-z0-9.:-]+$ ]] || wrong_usage "no https address: $url"
done
for tool in az azd curl jq; do
  type -P "$tool" >/dev/null || wrong_usage "$tool is missing"
done
type -P "$check" >/dev/null || wrong_usage "there is no $check"
[[ -z $smoke ]] || type -P "$smoke" >/dev/null || wrong_usage "there is no $smoke"
for file in "${METRICS_TOKEN_FILE:-}" "${OPERATIONS_TOKEN_FILE:-}"; do
  [[ -z $file || -r $file ]] || wrong_usage "$file cannot be read"
done

# --- Azure -------------------------------------------------------------------------------------------------------------------

# Changes something, or with --dry-run says what it would change. What it prints is shown when it fails.
change() {
  local output
  if $is_dry_run; then
    say "would run: $*"
    return 0
  fi
  if ! output=$("$@" 2>&1); then
    why="$1 ${*:2:3}: $(tail -n 3 <<<"$output")"
    return 1
  fi
}

azd_change() { change azd "$@" ${environment:+--environment "$environment"} --no-prompt; }

# What was before, of both apps in one value, so that it is never half of it. Sets was_previous; empty if there is none.
read_previous() {
  was_previous=$(azd env get-value AZURE_PREVIOUS ${environment:+--environment "$environment"} --no-prompt 2>/dev/null)
  [[ $was_previous =~ $previous_pattern ]] || was_previous=
}
readonly previous_pattern='^(realtime--[a-z0-9-]+) (blue|green) (api--[a-z0-9-]+) (blue|green)$'

keep_previous() { azd_change env set AZURE_PREVIOUS "$1"; }

# What serves now is what the next rollback goes back to.
old_as_previous() { printf '%s %s %s %s' "${old_revision[realtime]}" "${old_colour[realtime]}" "${old_revision[api]}" "${old_colour[api]}"; }

# look APP: what Azure has of an app. Sets app_json.
look() {
  why="there is no container app $1 in $group, or az is not signed in"
  app_json=$(az containerapp show --name "$1" --resource-group "$group" --output json 2>/dev/null) || return 1
  jq -e .name <<<"$app_json" >/dev/null 2>&1
}

# live APP: the one revision with all the traffic, and its label. Sets live_revision, live_colour.
live() {
  look "$1" || return 1
  [[ $(jq -r .properties.configuration.activeRevisionsMode <<<"$app_json") =~ ^[Mm]ultiple$ ]] ||
    { why="$1 does not keep revisions side by side (activeRevisionsMode is not multiple): azd deploy $1 sets it"; return 1; }
  local line
  line=$(jq -r '[.properties.configuration.ingress.traffic[]? | select(.weight == 100)] | if length == 1 then
      [(if .[0].latestRevision then "latest" else .[0].revisionName end), .[0].label // "-"] | @tsv else empty end' <<<"$app_json")
  [[ -n $line ]] || { why="the traffic of $1 is split: give one revision all of it first"; return 1; }
  IFS=$'\t' read -r live_revision live_colour <<<"$line"
  [[ $live_revision != latest ]] || live_revision=$(jq -r '.properties.latestReadyRevisionName // .properties.latestRevisionName' <<<"$app_json")
  case $live_colour in blue | green) ;; *) live_colour=blue ;; esac
}

# The traffic as azd's template wants it, in azd's environment, so that the next `azd deploy` of anybody leaves it as it is.
keep() { azd_change env set "AZURE_${1^^}_TRAFFIC" "[{revisionName: $2, label: $3, weight: 100}]"; }

# send APP REVISION COLOUR: gives it all the traffic.
send() {
  change az containerapp ingress traffic set --name "$1" --resource-group "$group" --revision-weight "$2=100" --output none &&
    change az containerapp revision label add --name "$1" --resource-group "$group" --label "$3" --revision "$2" --yes --output none &&
    keep "$1" "$2" "$3"
}

deactivate() { change az containerapp revision deactivate --name "$1" --resource-group "$group" --revision "$2" --output none; }

# poll SECONDS COMMAND…: repeats it until it succeeds; 2 is its word that it never will.
poll() {
  local limit=$1 deadline code
  shift
  deadline=$((SECONDS + limit))
  while true; do
    code=0
    "$@" || code=$?
    ((code)) || return 0
    ((code == 2)) && return 1
    if ((SECONDS >= deadline)); then
      why="not within $limit s: $why"
      return 1
    fi
    sleep "$interval"
  done
}

is_ready() { # is_ready APP REVISION
  local json state
  json=$(az containerapp revision show --name "$1" --resource-group "$group" --revision "$2" --output json 2>/dev/null)
  state=$(jq -r '.properties | "\(.provisioningState) \(.healthState) \(.runningState)"' <<<"$json" 2>/dev/null)
  why="$2 is ${state:-not known}$(jq -r '.properties.runningStateDetails // "" | if . == "" then "" else ": " + . end' <<<"$json" 2>/dev/null)"
  case $state in
    *Failed*) return 2 ;;
    'Provisioned Healthy Running'*) return 0 ;;
    *) return 1 ;;
  esac
}

# --- The services ------------------------------------------------------------------------------------------------------------

# ask METHOD URL TOKEN_FILE: sets status and answer. The token is on no command line.
ask() {
  local reply token
  token=$(<"$3")
  token=${token//\\/\\\\}
  token=${token//\"/\\\"}
  reply=$(curl --silent --globoff --max-time 15 --write-out '\n%{http_code}' --request "$1" --config - -- "$2" \
    <<<"header = \"Authorization: Bearer $token\"" 2>/dev/null) || true
  status=${reply##*$'\n'} answer=${reply%$'\n'*}
}

# nodes_of REVISION: id and sockets of its nodes, one a line. A replica's name begins with its revision's.
nodes_of() {
  ask GET "$api_url/internal/nodes" "$METRICS_TOKEN_FILE"
  [[ $status == 200 ]] || { why="$api_url/internal/nodes answers $status"; return 1; }
  nodes=$(jq -r --arg revision "$1-" '.[] | select(.host | ascii_downcase | startswith($revision))
    | [.id, .admin_connections + .site_connections] | @tsv' <<<"$answer" 2>/dev/null) ||
    { why="$api_url/internal/nodes answers no list of nodes"; return 1; }
}

is_empty() { # is_empty REVISION NODE
  nodes_of "$1" || return 1
  local sockets
  sockets=$(awk -F '\t' -v id="$2" '$1 == id { print $2 }' <<<"$nodes")
  [[ -z $sockets || $sockets == 0 ]] && return 0
  why="$2 has $sockets sockets"
  return 1
}

# drain drain|undrain REVISION: its nodes, one after the other. What does not obey closes its sockets in batches when its revision stops.
drain() {
  local id sockets
  if [[ -z ${METRICS_TOKEN_FILE:-} || -z ${OPERATIONS_TOKEN_FILE:-} ]]; then
    say "$1      not without METRICS_TOKEN_FILE and OPERATIONS_TOKEN_FILE; the nodes of $2 drain when it stops"
    return
  fi
  if $is_dry_run; then
    say "would $1 the nodes of $2"
    return
  fi
  nodes_of "$2" || { warn "the nodes of $2 are not ${1}ed: $why"; return; }
  while IFS=$'\t' read -r id sockets; do
    [[ -n $id ]] || continue
    ask POST "$api_url/internal/nodes/$id/$1" "$OPERATIONS_TOKEN_FILE"
    [[ $status == 20? ]] || { warn "$id is not ${1}ed: api answers $status"; continue; }
    [[ $1 == undrain ]] || poll "$timeout" is_empty "$2" "$id" || warn "$id: $why"
    say "$1      $id, $sockets sockets"
  done <<<"$nodes"
}

# looks_well REALTIME_URL API_URL
looks_well() {
  local output
  if $is_dry_run; then
    say "would check $1 and $2"
    return 0
  fi
  output=$("$check" "$1" --api "$2" 2>&1) && return 0
  why="$(grep -m 1 '^failed' <<<"$output" || tail -n 1 <<<"$output")"
  return 1
}

# --- Steps -------------------------------------------------------------------------------------------------------------------

declare -A last_revision=() old_revision=() old_colour=() new_revision=() new_colour=()
switched=()

read_state() {
  local app fqdn
  for app in realtime api; do
    live "$app" || return 1
    old_revision[$app]=$live_revision old_colour[$app]=$live_colour
    last_revision[$app]=$(jq -r .properties.latestRevisionName <<<"$app_json")
    if [[ $live_colour == blue ]]; then new_colour[$app]=green; else new_colour[$app]=blue; fi
    fqdn=$(jq -r .properties.configuration.ingress.fqdn <<<"$app_json")
    domain=${fqdn#"$app".}
    case $app in
      api) : "${api_url:=https://$fqdn}" ;;
      realtime) : "${realtime_url:=https://$fqdn}" ;;
    esac
    say "live       $app: $live_revision ($live_colour)"
  done
}

undo_before() {
  local app reason=$why
  say "failed     $reason"
  for app in api realtime; do
    # azd may have failed with the revision made.
    if [[ -z ${new_revision[$app]:-} ]] && look "$app"; then
      new_revision[$app]=$(jq -r --arg last "${last_revision[$app]}" '.properties.latestRevisionName | select(. != $last)' <<<"$app_json")
    fi
    [[ -z ${new_revision[$app]:-} ]] || deactivate "$app" "${new_revision[$app]}" || warn "${new_revision[$app]} still runs: $why"
  done
  say 'nothing changed for visitors'
  exit "$before_switch"
}

# The other way round: no visitor's socket is to be on a realtime older than the api that writes.
undo_after() {
  local reason=$why app bad=false
  say "rollback   $reason"
  # What it was: the one that is taken back is nothing to go to.
  keep_previous "$was_previous" || warn "$why"
  for app in api realtime; do
    # By the api of before, since the new one may be what is wrong. A node that is draining takes nobody in.
    [[ $app == api ]] || {
      drain undrain "${old_revision[realtime]}"
      $is_dry_run || poll 60 is_ready realtime "${old_revision[realtime]}" || warn "$why"
    }
    [[ " ${switched[*]} " == *" $app "* ]] || continue
    send "$app" "${old_revision[$app]}" "${old_colour[$app]}" || { warn "$app has not gone back: $why"; bad=true; }
  done
  if ! $bad && ! poll "$settle" looks_well "$realtime_url" "$api_url"; then
    warn "after going back: $why"
    bad=true
  fi
  if $bad; then
    say 'stuck      people are needed; both revisions still run'
    exit "$stuck"
  fi
  drain drain "${new_revision[realtime]}"
  for app in api realtime; do
    deactivate "$app" "${new_revision[$app]}" || warn "${new_revision[$app]} still runs: $why"
  done
  say "taken back: $reason"
  exit "$taken_back"
}

deploy() {
  local app latest others revision end failures=0
  read_state || { say "failed     $why"; exit "$before_switch"; }

  # Pinned, or the new revisions would have visitors at once.
  for app in realtime api; do
    send "$app" "${old_revision[$app]}" "${old_colour[$app]}" || { say "failed     $why"; exit "$before_switch"; }
  done

  for app in realtime api; do
    say "deploy     $app, by azd"
    azd_change deploy "$app" || undo_before
    if $is_dry_run; then
      new_revision[$app]="$app--new"
      continue
    fi
    look "$app" || undo_before
    latest=$(jq -r .properties.latestRevisionName <<<"$app_json")
    [[ $latest != "${last_revision[$app]}" ]] || { why="azd made no new revision of $app"; undo_before; }
    new_revision[$app]=$latest
  done

  for app in realtime api; do
    $is_dry_run || poll "$timeout" is_ready "$app" "${new_revision[$app]}" || undo_before
    change az containerapp revision label add --name "$app" --resource-group "$group" --label "${new_colour[$app]}" \
      --revision "${new_revision[$app]}" --yes --output none || undo_before
    say "ready      $app: ${new_revision[$app]} (${new_colour[$app]})"
  done

  # At their own addresses, where no visitor comes.
  local own_api="https://api---${new_colour[api]}.$domain" own_realtime="https://realtime---${new_colour[realtime]}.$domain" output
  poll "$settle" looks_well "$own_realtime" "$own_api" || undo_before
  if [[ -n $smoke ]] && ! $is_dry_run; then
    output=$("$smoke" --api "$own_api" --realtime "$own_realtime" --other-api "$api_url" --other-realtime "$realtime_url" 2>&1) ||
      { why="smoke: $(grep -m 1 '^failed' <<<"$output" || tail -n 1 <<<"$output")"; undo_before; }
  fi
  say "smoke      $own_realtime, $own_api"

  read_previous
  keep_previous "$(old_as_previous)" || undo_before
  # Realtime first: it then hears whatever either api writes.
  for app in realtime api; do
    switched+=("$app")
    send "$app" "${new_revision[$app]}" "${new_colour[$app]}" || undo_after
    say "switch     $app: ${new_revision[$app]}"
  done

  poll "$settle" looks_well "$realtime_url" "$api_url" || undo_after
  say "verify     $realtime_url, $api_url"
  drain drain "${old_revision[realtime]}"

  $is_dry_run || say "watch      for $watch s"
  end=$((SECONDS + watch))
  while ! $is_dry_run && ((SECONDS < end)); do
    # One look may fail: three in a row are no accident.
    if looks_well "$realtime_url" "$api_url"; then failures=0; else ((++failures)); fi
    ((failures < 3)) || undo_after
    sleep "$interval"
  done

  for app in api realtime; do
    others=$(az containerapp revision list --name "$app" --resource-group "$group" --output json 2>/dev/null |
      jq -r --arg live "${new_revision[$app]}" '.[] | select(.properties.active and .name != $live) | .name')
    for revision in $others; do
      deactivate "$app" "$revision" || warn "$revision still runs, and costs: $why"
    done
  done
  say "done       visitors are on ${new_revision[realtime]} and ${new_revision[api]}"
}

rollback() {
  local app
  local -a apps=()
  read_state || { say "failed     $why"; exit "$stuck"; }
  read_previous
  [[ $was_previous =~ $previous_pattern ]] || wrong_usage "There is nothing to go back to: azd's environment knows no revisions from before."
  new_revision=([realtime]=${BASH_REMATCH[1]} [api]=${BASH_REMATCH[3]}) new_colour=([realtime]=${BASH_REMATCH[2]} [api]=${BASH_REMATCH[4]})
  for app in api realtime; do
    # A deploy or rollback that was cut between its two switches.
    if [[ ${new_revision[$app]} == "${old_revision[$app]}" ]]; then say "stays      $app: ${old_revision[$app]}"; else apps+=("$app"); fi
  done
  ((${#apps[@]})) || wrong_usage 'There is nothing to go back to: what was before serves already.'
  for app in "${apps[@]}"; do
    change az containerapp revision activate --name "$app" --resource-group "$group" --revision "${new_revision[$app]}" --output none ||
      { say "failed     $why"; exit "$stuck"; }
    $is_dry_run || poll "$timeout" is_ready "$app" "${new_revision[$app]}" || { say "failed     $why"; exit "$stuck"; }
  done
  for app in "${apps[@]}"; do
    # Drained before it was stopped or not: its nodes are new ones, unless it has run on.
    [[ $app == api ]] || drain undrain "${new_revision[realtime]}"
    send "$app" "${new_revision[$app]}" "${new_colour[$app]}" || { say "stuck      $why"; exit "$stuck"; }
    say "switch     $app: ${new_revision[$app]}"
  done
  # Only now: a rollback that was cut before goes on with what is left of it.
  keep_previous "$(old_as_previous)" || warn "$why"
  poll "$settle" looks_well "$realtime_url" "$api_url" || { say "stuck      $why"; exit "$stuck"; }
  for app in "${apps[@]}"; do
    [[ $app == api ]] || drain drain "${old_revision[realtime]}"
  done
  for app in "${apps[@]}"; do
    deactivate "$app" "${old_revision[$app]}" || warn "${old_revision[$app]} still runs: $why"
  done
  say "done       visitors are on ${new_revision[realtime]} and ${new_revision[api]} again"
}

show_status() {
  local app
  for app in realtime api; do
    live "$app" || { say "failed     $why"; exit "$before_switch"; }
    say "live       $app: $live_revision ($live_colour)"
    az containerapp revision list --name "$app" --resource-group "$group" --all --output table
  done
}

why='' domain='' was_previous=''
case $command in
  deploy) deploy ;;
  rollback) rollback ;;
  status) show_status ;;
esac
