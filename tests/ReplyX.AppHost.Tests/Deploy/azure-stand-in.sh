#!/usr/bin/env bash
# Stands in for az, azd, curl and the health check, by the name it is called by: writes every call down, and keeps two container apps in
# $STATE as far as azure-blue-green.sh changes them. Files there make things go wrong:
#   unwell        a pattern; a check fails whose command line matches it, always or as the lines of unwell.times say: ok or failed
#   REVISION.bad  that revision does not come up
#   refused       a pattern; a call that matches it fails
#   killed        a pattern; amid a call that matches it the script is killed, once
set -euo pipefail
cd "$STATE"

name=${0##*/}
call="$name $*"
printf '%s\n' "$call" >>calls
if [[ -s refused ]] && grep -Eq -f refused <<<"$call"; then
  echo "refused: $call" >&2
  exit 1
fi

if [[ -s killed ]] && grep -Eq -f killed <<<"$call"; then
  rm killed
  pid=$PPID
  while grep -q azure-blue-green "/proc/$pid/cmdline"; do
    parent=$(awk '{ print $4 }' "/proc/$pid/stat")
    kill -KILL "$pid"
    pid=$parent
  done
  exit 1
fi

option() { # option NAME ARGUMENTS…
  local wanted=$1
  shift
  while (($#)); do
    [[ $1 != "$wanted" ]] || { printf '%s' "$2"; return; }
    shift
  done
}

edit() { # edit FILE JQ_ARGUMENTS…
  jq "${@:2}" "$1" >edited
  mv edited "$1"
}

app=$(option --name "$@")
revision=$(option --revision "$@")
case $call in
  'az containerapp show '*) cat "$app.json" ;;
  'az containerapp ingress traffic set '*)
    weight=$(option --revision-weight "$@")
    # shellcheck disable=SC2016 # jq's variables.
    edit "$app.json" --arg revision "${weight%=*}" '.properties.configuration.ingress.traffic |=
      ([.[] | select(.revisionName != $revision and .label != null) | .weight = 0]
        + [(.[] | select(.revisionName == $revision)) // {revisionName: $revision}, {}][:1] | map(if .revisionName == $revision then .weight = 100 else . end))'
    ;;
  'az containerapp revision label add '*)
    # shellcheck disable=SC2016
    edit "$app.json" --arg revision "$revision" --arg colour "$(option --label "$@")" '.properties.configuration.ingress.traffic |=
      (map(if .label == $colour then del(.label) else . end)
        | if any(.revisionName == $revision) then map(if .revisionName == $revision then .label = $colour else . end)
          else . + [{revisionName: $revision, label: $colour, weight: 0}] end)'
    ;;
  'az containerapp revision show '*)
    if [[ -e $revision.bad ]]; then
      echo '{"properties": {"provisioningState": "Failed", "healthState": "Unhealthy", "runningState": "Failed"}}'
    else
      echo '{"properties": {"provisioningState": "Provisioned", "healthState": "Healthy", "runningState": "RunningAtMaxScale"}}'
    fi
    ;;
  'az containerapp revision list '*) cat "$app.revisions" ;;
  'az containerapp revision activate '* | 'az containerapp revision deactivate '*)
    active=true
    [[ $call != *' deactivate '* ]] || active=false
    # shellcheck disable=SC2016
    edit "$app.revisions" --arg revision "$revision" --argjson active $active 'map(if .name == $revision then .properties.active = $active else . end)'
    ;;
  'azd env set '*) printf '%s' "$4" >"env.$3" ;;
  'azd env get-value '*) cat "env.$3" ;;
  'azd deploy '*)
    app=$2
    made="$app--r$(($(jq length "$app.revisions") + 1))"
    # shellcheck disable=SC2016
    edit "$app.revisions" --arg made "$made" '. + [{name: $made, properties: {active: true}}]'
    # As the template has it: unpinned, the new revision has the visitors.
    traffic='[{"latestRevision": true, "weight": 100}]'
    [[ ! -e env.AZURE_${app^^}_TRAFFIC ]] ||
      traffic=$(sed -E 's/([A-Za-z]+): /"\1": /g; s/: ([a-z][a-z0-9-]*)/: "\1"/g' "env.AZURE_${app^^}_TRAFFIC")
    # shellcheck disable=SC2016
    edit "$app.json" --arg made "$made" --argjson traffic "$traffic" '.properties.latestRevisionName = $made
      | .properties.latestReadyRevisionName = $made | .properties.configuration.ingress.traffic = $traffic'
    ;;
  'curl '*)
    header=$(cat)
    case "$call" in
      *' GET '*/internal/nodes)
        [[ $header == *"metrics' token"* ]]
        jq -c '[.[] | select(.properties.active) | .name as $revision | (1, 2)
          | {id: "\($revision)-pod-\(.)-1-abc", host: "\($revision)-pod-\(.)", admin_connections: 0, site_connections: 0}]' realtime.revisions
        echo 200
        ;;
      *' POST '*drain) [[ $header == *"operations' token"* ]] && printf '{"sockets": 3}\n202' ;;
      *) printf '\n404' ;;
    esac
    ;;
  'check '*)
    if [[ -s unwell ]] && grep -Eq -f unwell <<<"$call"; then
      if [[ -e unwell.times ]]; then
        read -r time <unwell.times || true
        sed -i 1d unwell.times
        [[ ${time:-ok} == failed ]] || exit 0
      fi
      echo 'ok       report   healthy'
      echo 'failed   message  it did not come back'
      exit 5
    fi
    ;;
  *)
    echo "the stand-in does not know: $call" >&2
    exit 70
    ;;
esac
