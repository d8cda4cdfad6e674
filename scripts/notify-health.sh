#!/usr/bin/env bash
# Tells people that a health check began to fail, or that all is well again, and nothing in between.
#
#   notify-health.sh PREVIOUS CURRENT <output-of-the-check
#   notify-health.sh --tell SUBJECT <text     tells something else, always: what a deploy does
#
#   PREVIOUS   success, failure (people were told), untold (they could not be told), or "" if not known
#   CURRENT    success or failure
#
#   PREVIOUS       CURRENT    tells
#   success or ""  failure    failure
#   failure        failure    nothing
#   failure        success    recovery
#   success or ""  success    nothing
#   untold         either     the current one
#
# Environment; a way whose first variable is not set is left out:
#   SLACK_WEBHOOK_URL                   an incoming webhook
#   SMTP_URL, MAIL_FROM, MAIL_TO        smtp://host:587 or smtps://host:465; several addresses separated by commas
#   SMTP_USER, SMTP_PASSWORD            if the server wants them; they are sent over TLS only
#   HEALTH_URL, RUN_URL                 what was checked, and where its log is, for the text
#
# Exit codes:
#   0    told, or nothing to tell, or nobody to tell it to
#   1    a way failed; the next run should be given "untold"
#   64   called with wrong arguments, or curl or jq is missing

set -uo pipefail

# Bytes, whatever the locale.
export LC_ALL=C

readonly usage=64 limit=20 max_summary=4000

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\nTry --help.\n' "$1" >&2
  exit "$usage"
}

# What is to be told: failure, recovery or nothing.
decide() {
  case $1:$2 in
    failure:failure | success:success | :success) echo nothing ;;
    *:failure) echo failure ;;
    *:success) echo recovery ;;
  esac
}

# The webhook's address is a secret: it goes by the standard input, and curl's own words, which may name it, are not shown.
tell_slack() {
  local body code
  # Slack takes these three characters, and no others, for its own.
  body=$(jq -n --arg subject "$subject" --arg summary "$summary" --arg run "$run_url" '
    def plain: gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;");
    {text: ("*\($subject | plain)*"
      + (if $summary == "" then "" else "\n```\n\($summary | plain)\n```" end)
      + (if $run == "" then "" else "\n\($run | plain)" end))}')
  code=$(jq -nr --arg body "$body" '
    "url = \(env.SLACK_WEBHOOK_URL | gsub("\\s"; "") | tojson)",
    "header = \"Content-Type: application/json\"",
    "data-binary = \($body | tojson)"' |
    curl -q -s --config - --proto '=http,https' --max-time "$limit" --output /dev/null --write-out '%{http_code}')
  [[ $code == 2?? ]] && return 0
  echo "Slack was not told: it answered $code." >&2
  return 1
}

# MIME's way to write what is not ASCII in a header.
mime_word() {
  if [[ $1 == *[^\ -~]* ]]; then
    printf '=?utf-8?B?%s?=' "$(printf '%s' "$1" | base64 | tr -d '\n')"
  else
    printf '%s' "$1"
  fi
}

write_mail() {
  printf 'From: %s\nTo: %s\nSubject: %s\n' "$MAIL_FROM" "${MAIL_TO//,/, }" "$(mime_word "$subject")"
  printf 'Date: %s\nMessage-ID: <%s.%s@replyx-health>\n' "$(date -R)" "$(date +%s)" "$RANDOM$RANDOM"
  printf 'Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
  printf '%s\n' "$subject"
  [[ -z $summary ]] || printf '\n%s\n' "$summary"
  [[ -z $run_url ]] || printf '\n%s\n' "$run_url"
}

tell_by_mail() {
  local failure
  if [[ -z ${MAIL_FROM:-} || -z ${MAIL_TO:-} ]]; then
    echo 'No mail was sent: MAIL_FROM and MAIL_TO are needed beside SMTP_URL.' >&2
    return 1
  fi
  write_mail | sed 's/$/\r/' >"$work/mail"
  jq -nr --arg file "$work/mail" '
    def bare: gsub("\\s"; "");
    # The path is the name that curl greets the server with; some refuse one that is no domain.
    (env.SMTP_URL | bare | rtrimstr("/") | if test("//[^/]+/") then . else "\(.)/\(env.MAIL_FROM | split("@") | last)" end
      | "url = \(tojson)"),
    "mail-from = \(env.MAIL_FROM | tojson)",
    (env.MAIL_TO | split(",")[] | bare | select(. != "") | "mail-rcpt = \(tojson)"),
    "upload-file = \($file | tojson)",
    # Without a password there is nothing to keep from who listens but the report itself.
    (if (env.SMTP_USER // "") == "" then "ssl" else "ssl-reqd", "user = \("\(env.SMTP_USER):\(env.SMTP_PASSWORD // "")" | tojson)" end)' |
    curl -q -s --config - --proto '=smtp,smtps' --max-time "$limit" --output /dev/null 2>/dev/null
  failure=$?
  ((failure == 0)) && return 0
  echo "No mail was sent: curl ended with $failure." >&2
  return 1
}

if [[ ${1:-} == --help ]]; then
  help
  exit 0
fi
subject=
if [[ ${1:-} == --tell ]]; then
  (($# == 2)) || wrong_usage '--tell takes a subject.'
  subject=$(tr -d '[:cntrl:]' <<<"$2")
  [[ -n $subject ]] || wrong_usage 'The subject is empty.'
  set -- '' failure
fi
(($# == 2)) || wrong_usage 'Two arguments: the previous verdict and the current one.'
[[ $1 =~ ^(success|failure|untold|)$ ]] || wrong_usage 'The previous verdict is success, failure, untold or "".'
[[ $2 =~ ^(success|failure)$ ]] || wrong_usage 'The current verdict is success or failure.'
for tool in curl jq; do
  command -v "$tool" >/dev/null || wrong_usage "$tool is not installed."
done

news=$(decide "$1" "$2")
if [[ $news == nothing ]]; then
  echo "Nothing to tell: ${1:-not known} before, $2 now."
  exit 0
fi

# Line ends would begin another header.
target=$(tr -d '[:cntrl:]' <<<"${HEALTH_URL:-}")
MAIL_FROM=$(tr -d '[:space:]' <<<"${MAIL_FROM:-}")
MAIL_TO=$(tr -d '[:space:]' <<<"${MAIL_TO:-}")
export MAIL_FROM MAIL_TO
run_url=${RUN_URL:-}
[[ -n $subject ]] && news=message
case $news in
  failure) subject="ReplyX: the WebSocket health check fails${target:+: $target}" ;;
  recovery) subject="ReplyX: the WebSocket health check is well again${target:+: $target}" ;;
esac
summary=
[[ -t 0 ]] || summary=$(head -c "$max_summary" | tr -d '\0\r')

work=$(mktemp -d) || exit "$usage"
trap 'rm -rf "$work"' EXIT

told=() failed=0
if [[ -n ${SLACK_WEBHOOK_URL:-} ]]; then
  if tell_slack; then told+=(Slack); else failed=1; fi
fi
if [[ -n ${SMTP_URL:-} ]]; then
  if tell_by_mail; then told+=(mail); else failed=1; fi
fi
if ((${#told[@]})); then
  echo "Told the $news: ${told[*]}."
elif ((failed == 0)); then
  echo "A $news, but nobody to tell it to: neither SLACK_WEBHOOK_URL nor SMTP_URL is set."
fi
exit "$failed"
