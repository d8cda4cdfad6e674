# The time after a switch, in which a fault rolls back. Sourced, never run.
# shellcheck shell=bash

# smoke NAME ARGS…: the check with real messages. What it says is in the log; why is its first failure.
smoke() {
  local name=$1 output code=0
  shift
  output=$(
    if [[ -n $SMOKE_SITE_TOKEN_FILE ]]; then
      SMOKE_SITE_TOKEN=$(read_secret "$SMOKE_SITE_TOKEN_FILE")
      export SMOKE_SITE_TOKEN
      unset SMOKE_ASSISTANT_ID
    elif [[ -n $SMOKE_ASSISTANT_ID ]]; then
      export SMOKE_ASSISTANT_ID
    fi
    if [[ -n $SMOKE_GUEST_TOKEN_FILE ]]; then
      SMOKE_GUEST_TOKEN=$(read_secret "$SMOKE_GUEST_TOKEN_FILE")
      export SMOKE_GUEST_TOKEN
    fi
    export SMOKE_PLATFORM_TOKEN=$operations_token
    [[ -z $CA_FILE ]] || export SSL_CERT_FILE=$CA_FILE
    driver_smoke "${journal[release]}" "$@" 2>&1
  ) || code=$?
  printf '%s %s\n%s\n' "$(iso_now)" "$name" "$output" >>"$STATE_DIR/log/smoke.log"
  ((code == 0)) && return 0
  why=$(grep -m 1 -iE '^(failed|error)' <<<"$output" || tail -n 1 <<<"$output")
  why="the check with real messages failed ($code): $(clean "$why")"
  return 1
}

# smoke_front COLOUR: through the front door.
smoke_front() {
  local id arguments=(--front "$PUBLIC_URL" --timeout 30 --expect-version "${journal[version]}")
  [[ -z $RESOLVE_PUBLIC ]] || arguments+=(--connect-to "$RESOLVE_PUBLIC")
  while IFS=$'\t' read -r id _; do
    [[ -z $id ]] || arguments+=(--expect-node "$id")
  done <<<"$nodes"
  smoke 'front door' "${arguments[@]}"
}

# One look at the new colour; sets why.
look() {
  local firing query
  leads_to "$1" "${journal[version]}" || return
  # Each node by itself: behind the front door one that hangs is hidden by the others.
  is_ready "$1" "${journal[version]}" || return
  if [[ -n $PROMETHEUS_URL && -n $PROMETHEUS_ALERTS ]]; then
    # Those only that came up since the deploy began: what was wrong before is not its doing.
    query="(ALERTS{alertstate=\"firing\",alertname=~\"$PROMETHEUS_ALERTS\"} == 1)
      and ignoring(alertstate) (ALERTS_FOR_STATE{alertname=~\"$PROMETHEUS_ALERTS\"} >= ${journal[started]})"
    if firing=$(curl -q -sS --globoff --max-time 5 --proto '=http,https' --fail -G --data-urlencode "query=$query" -- "$PROMETHEUS_URL/api/v1/query" 2>/dev/null |
      jq -er '[.data.result[].metric.alertname] | unique | join(", ")' 2>/dev/null); then
      [[ -z $firing ]] || { why="Prometheus: $firing"; return 2; }
    elif [[ -z $prometheus_told ]]; then
      prometheus_told=1
      warn 'Prometheus does not answer: its alerts are not watched'
    fi
  fi
}
prometheus_told=

# Whether the version before says the same of Redis: then it is not the new one's fault, and going back would not help.
outage_is_shared() {
  local url urls
  [[ -n ${journal[from]} ]] || return 1
  mapfile -t urls < <(driver_realtime_urls "${journal[from]}")
  for url in "${urls[@]}"; do
    ask GET "$url/health/websocket" open
    [[ $status == 503 && $(jq -r '.reasons // [] | join(" ")' <<<"$answer" 2>/dev/null) == *backplane* ]] && return 0
  done
  return 1
}

# watch_colour COLOUR: for WATCH_SECONDS all must be well. WATCH_TOLERANCE looks in a row may find something, since a packet may be lost;
# a process that ended, or an alert that fires, is enough by itself.
watch_colour() {
  local begun until next_smoke=0 bad=0 looks=0 told='' code
  now_ms
  begun=$REPLY until=$((REPLY + WATCH_SECONDS * 1000))
  while true; do
    check_interrupted
    code=0
    look "$1" || code=$?
    ((++looks))
    if ((code == 0)) && [[ $has_smoke == true ]]; then
      now_ms
      # At the beginning, at the end, and every SMOKE_INTERVAL between.
      if ((REPLY >= next_smoke || REPLY >= until)); then
        next_smoke=$((REPLY + SMOKE_INTERVAL * 1000))
        # One that failed is done again at the next look.
        smoke_front "$1" || code=$? next_smoke=0
      fi
    fi
    ((interrupted == 0)) || check_interrupted
    if ((code == 0)); then
      bad=0
    elif ((code == 2)); then
      return 1
    else
      ((++bad))
      [[ $why == "$told" ]] || say "watch: $why"
      told=$why
      if ((bad >= WATCH_TOLERANCE)); then
        local reason=$why
        if outage_is_shared && ((bad < WATCH_TOLERANCE * 10)); then
          [[ $told == shared ]] || say 'watch: the version before says the same of Redis; waiting for it'
          told=shared
        else
          why=$reason
          return 1
        fi
      fi
    fi
    now_ms
    ((REPLY < until || bad > 0)) || break
    pause "$WATCH_INTERVAL"
  done
  now_ms
  watched="$looks looks in $(((REPLY - begun) / 1000)) s, all well"
}
