# Who is told of a deploy: people, Grafana, Alertmanager. None of it may fail a deploy. Sourced, never run.
# shellcheck shell=bash

# tell SUBJECT TEXT
tell() (
  [[ -n $SLACK_WEBHOOK_URL_FILE || -n $SMTP_URL ]] || return 0
  SLACK_WEBHOOK_URL=
  [[ -z $SLACK_WEBHOOK_URL_FILE ]] || SLACK_WEBHOOK_URL=$(read_secret "$SLACK_WEBHOOK_URL_FILE")
  SMTP_PASSWORD=
  [[ -z $SMTP_PASSWORD_FILE ]] || SMTP_PASSWORD=$(read_secret "$SMTP_PASSWORD_FILE")
  export SLACK_WEBHOOK_URL SMTP_URL MAIL_FROM MAIL_TO SMTP_USER SMTP_PASSWORD
  said=$("$repository/scripts/notify-health.sh" --tell "$1" <<<"$2" 2>&1) || warn "not everybody was told: $said"
)

silence_alerts() {
  local id seconds=$((READY_TIMEOUT + DRAIN_TIMEOUT * REALTIME_NODES + WATCH_SECONDS + 300))
  [[ -n $ALERTMANAGER_URL && -z ${journal[silence]:-} ]] || return 0
  ((seconds <= 7200)) || seconds=7200
  if id=$("$repository/scripts/alerts/silence.sh" start "$ALERTMANAGER_URL" --for "${seconds}s" --comment "Deploy of ${journal[version]}" 2>&1); then
    note_journal silence "$id"
  else
    warn "alerts are not silenced: $id"
  fi
}

end_silence() {
  local said
  [[ -n $ALERTMANAGER_URL && -n ${journal[silence]:-} ]] || return 0
  said=$("$repository/scripts/alerts/silence.sh" end "$ALERTMANAGER_URL" "${journal[silence]}" 2>&1) || warn "the silence of alerts was not ended: $said"
}

# grafana METHOD PATH JSON
grafana() {
  local token
  token=$(read_secret "$GRAFANA_TOKEN_FILE")
  answer=$(jq -nr --arg token "$token" --arg body "$3" '
    "header = \("Authorization: Bearer \($token)" | tojson)", "header = \"Content-Type: application/json\"", "data-binary = \($body | tojson)"' |
    curl -q -sS --config - --globoff --max-time 5 --proto '=http,https' -X "$1" --fail -- "$GRAFANA_URL$2" 2>&1)
}

# A region on the dashboards, from the start of the deploy to its end.
begin_annotation() {
  local answer id
  [[ -n $GRAFANA_URL && -n $GRAFANA_TOKEN_FILE && -z ${journal[annotation]:-} ]] || return 0
  now_ms
  if grafana POST /api/annotations "$(jq -cn --argjson now "$REPLY" --arg text "Deploy of ${journal[version]}" \
    '{time: $now, timeEnd: $now, tags: ["deploy"], text: $text}')" && id=$(jq -er '.id' <<<"$answer" 2>/dev/null); then
    note_journal annotation "$id"
  else
    warn "Grafana has no annotation: ${answer:0:200}"
  fi
}

end_annotation() {
  local answer
  [[ -n $GRAFANA_URL && -n $GRAFANA_TOKEN_FILE && ${journal[annotation]:-} =~ ^[0-9]+$ ]] || return 0
  now_ms
  grafana PATCH "/api/annotations/${journal[annotation]}" "$(jq -cn --argjson now "$REPLY" --arg text "Deploy of ${journal[version]}: $1" \
    '{timeEnd: $now, text: $text}')" || warn "Grafana's annotation was not ended: ${answer:0:200}"
}
