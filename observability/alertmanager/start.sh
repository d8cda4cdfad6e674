#!/bin/sh
# Renders the configuration and becomes Alertmanager: the image's entry point, and what runs where Alertmanager is a local executable.
# Without Slack and e-mail it sends nothing: alerts are on its page.
#   SLACK_WEBHOOK_URL  an incoming webhook of Slack, secret; empty or "none": no Slack
#   SLACK_CHANNEL      channel or its id, for webhooks that take one; else the webhook's own
#   SMTP_HOST          mail server, host:port; empty: no e-mail
#   SMTP_FROM          sender's address                        (required with SMTP_HOST)
#   SMTP_TO            recipients' addresses, comma between    (required with SMTP_HOST)
#   SMTP_USER          user, if the server asks for one
#   SMTP_PASSWORD      its password, secret; "none" is no password   (required with SMTP_USER)
#   SMTP_REQUIRE_TLS   false: also send where the server has no TLS               (true)
# Each of the two secrets may come from a file: SLACK_WEBHOOK_URL_FILE, SMTP_PASSWORD_FILE.
#   EXTERNAL_URL       where people reach Alertmanager's page, for the links in messages
#   GROUP_WAIT         how long the first message of an incident waits for others of its kind  (10s)
#   GROUP_INTERVAL     how long news of a critical incident waits; of a warning five times that  (1m)
#   DATA_DIR           where silences, what was sent, and the rendered configuration are kept  (/alertmanager)
#   LISTEN             address and port to listen on                      (0.0.0.0:9093)
set -eu

fail() {
  echo "start.sh: $1" >&2
  exit 1
}

# From files, where the environment is for more people to see than a secret is. The shell drops the line's end.
[ -z "${SLACK_WEBHOOK_URL_FILE:-}" ] || SLACK_WEBHOOK_URL=$(cat "$SLACK_WEBHOOK_URL_FILE") ||
  fail "SLACK_WEBHOOK_URL_FILE: $SLACK_WEBHOOK_URL_FILE cannot be read"
[ -z "${SMTP_PASSWORD_FILE:-}" ] || SMTP_PASSWORD=$(cat "$SMTP_PASSWORD_FILE") || fail "SMTP_PASSWORD_FILE: $SMTP_PASSWORD_FILE cannot be read"

: "${DATA_DIR:=/alertmanager}" "${LISTEN:=0.0.0.0:9093}" "${SLACK_WEBHOOK_URL:=}" "${SLACK_CHANNEL:=}" "${SMTP_HOST:=}" "${SMTP_FROM:=}" \
  "${SMTP_TO:=}" "${SMTP_USER:=}" "${SMTP_PASSWORD:=}" "${SMTP_REQUIRE_TLS:=true}" "${EXTERNAL_URL:=}" "${GROUP_WAIT:=10s}" "${GROUP_INTERVAL:=1m}"

# A deployment that asks for secrets cannot leave one out.
[ "$SLACK_WEBHOOK_URL" != none ] || SLACK_WEBHOOK_URL=''
[ "$SMTP_PASSWORD" != none ] || SMTP_PASSWORD=''

is_url() {
  case $1 in
    *[[:space:][:cntrl:]]*) return 1 ;;
    http://?* | https://?*) ;;
    *) return 1 ;;
  esac
}

# Narrower than the standard: Alertmanager would take {{ for a template, and YAML a quote for an end.
is_address() {
  case $1 in
    *[!A-Za-z0-9.@_+=-]* | *@*@* | @* | *@) return 1 ;;
    *@*) ;;
    *) return 1 ;;
  esac
}

has_control() {
  case $1 in
    *[[:cntrl:]]*) ;;
    *) return 1 ;;
  esac
}

# A value as the content of a single-quoted YAML string, and as the replacement in sed's s|||.
escape() {
  printf '%s' "$1" | sed -e "s/'/''/g" -e 's/[&|\\]/\\&/g'
}

is_duration() {
  case $1 in
    *[!0-9]?* | [!0-9]* | *[!smh]) return 1 ;;
  esac
}

# 5 and 1m make 5m.
multiply() { # multiply NUMBER DURATION
  printf '%s%s' "$(($1 * ${2%?}))" "${2#"${2%?}"}"
}

is_duration "$GROUP_WAIT" || fail "GROUP_WAIT is no duration such as 10s or 1m: $GROUP_WAIT"
is_duration "$GROUP_INTERVAL" || fail "GROUP_INTERVAL is no duration such as 10s or 1m: $GROUP_INTERVAL"

no_slack='' no_email=''
if [ -n "$SLACK_WEBHOOK_URL" ]; then
  # Not in the message: it is a secret.
  is_url "$SLACK_WEBHOOK_URL" || fail 'SLACK_WEBHOOK_URL is no http or https URL'
  case $SLACK_CHANNEL in
    *[!A-Za-z0-9._#@-]*) fail "SLACK_CHANNEL is no channel (give its id if its name has other letters): $SLACK_CHANNEL" ;;
  esac
else
  no_slack=yes
  [ -z "$SLACK_CHANNEL" ] || fail 'SLACK_CHANNEL is set, SLACK_WEBHOOK_URL is missing'
fi

# What is half set up is a mistake that would show itself when the first alert does not come.
if [ -n "$SMTP_HOST" ]; then
  case $SMTP_HOST in
    *[!]A-Za-z0-9.:_[-]*) fail "SMTP_HOST is more than a host and a port: $SMTP_HOST" ;;
  esac
  port=${SMTP_HOST##*:}
  case $SMTP_HOST in
    ?*:*) ;;
    *) fail "SMTP_HOST has no port: $SMTP_HOST" ;;
  esac
  case $port in
    '' | *[!0-9]*) fail "SMTP_HOST has no port: $SMTP_HOST" ;;
  esac
  [ -n "$SMTP_FROM" ] || fail 'SMTP_FROM is missing'
  is_address "$SMTP_FROM" || fail "SMTP_FROM is no address: $SMTP_FROM"
  [ -n "$SMTP_TO" ] || fail 'SMTP_TO is missing'
  to='' left=$SMTP_TO,
  while [ -n "$left" ]; do
    address=${left%%,*} left=${left#*,}
    # Blanks beside the commas are for people.
    address=${address#"${address%%[! ]*}"} address=${address%"${address##*[! ]}"}
    is_address "$address" || fail "SMTP_TO has what is no address: $address"
    to=${to:+$to, }$address
  done
  case $SMTP_USER in
    '') [ -z "$SMTP_PASSWORD" ] || fail 'SMTP_PASSWORD is set, SMTP_USER is missing' ;;
    *) [ -n "$SMTP_PASSWORD" ] || fail 'SMTP_USER is set, SMTP_PASSWORD is missing' ;;
  esac
  ! has_control "$SMTP_USER" || fail 'SMTP_USER has a control character'
  ! has_control "$SMTP_PASSWORD" || fail 'SMTP_PASSWORD has a control character'
  case $SMTP_REQUIRE_TLS in
    true | false) ;;
    *) fail "SMTP_REQUIRE_TLS is neither true nor false: $SMTP_REQUIRE_TLS" ;;
  esac
  # There TLS comes before SMTP, and Alertmanager would ask for STARTTLS inside of it, which no server offers.
  [ "$port" != 465 ] || SMTP_REQUIRE_TLS=false
else
  no_email=yes to=''
  [ -z "$SMTP_FROM$SMTP_TO$SMTP_USER$SMTP_PASSWORD" ] || fail 'SMTP_HOST is missing, other SMTP_ settings are there'
fi

# Alertmanager answers under / whatever the URL's path, so that health checks and Prometheus need not know it.
[ -z "$EXTERNAL_URL" ] || is_url "$EXTERNAL_URL" || fail "EXTERNAL_URL is no http or https URL: $EXTERNAL_URL"
# Else Alertmanager would make one of its host's name, which in a container leads nowhere. The templates know this one for none.
set -- --web.route-prefix=/ --web.external-url="${EXTERNAL_URL:-http://alertmanager.invalid}"

program=''
for name in alertmanager prometheus-alertmanager; do
  if command -v "$name" >/dev/null; then
    program=$name
    break
  fi
done
[ -n "$program" ] || fail 'neither alertmanager nor prometheus-alertmanager is on PATH'

case $DATA_DIR in
  /*) ;;
  *) DATA_DIR=$PWD/$DATA_DIR ;;
esac
# Absolute: Alertmanager looks for relative files beside the rendered configuration.
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
! has_control "$DATA_DIR$here" || fail 'DATA_DIR, or the folder of start.sh, has a control character'
config=$DATA_DIR/alertmanager.yml
webhook=$DATA_DIR/slack-webhook-url
password=$DATA_DIR/smtp-password
mkdir -p "$DATA_DIR/state"

# Secrets go into files of their own, which the configuration names: the page that shows the configuration is open. Old ones go first,
# and with them their mode, and what is not used any more.
rm -f "$webhook" "$password"
[ -z "$SLACK_WEBHOOK_URL" ] || (umask 077 && printf '%s' "$SLACK_WEBHOOK_URL" >"$webhook")
[ -z "$SMTP_PASSWORD" ] || (umask 077 && printf '%s' "$SMTP_PASSWORD" >"$password")

# Each block of the template that does not apply, by name; then the marks of those that do.
leave_out() { printf '/^ *# if %s$/,/^ *# end %s$/d\n' "$1" "$1"; }
{
  [ -z "$no_slack" ] || leave_out SLACK
  [ -n "$SLACK_CHANNEL" ] || leave_out CHANNEL
  [ -z "$no_email" ] || leave_out EMAIL
  [ -n "$no_slack" ] || leave_out EMAIL_ALONE
  [ -z "$no_email" ] || leave_out EMAIL_ALONE
  [ -n "$SMTP_USER" ] || leave_out USER
  printf '/^ *# if [A-Z_]*$/d\n/^ *# end [A-Z_]*$/d\n'
  printf 's|@GROUP_WAIT@|%s|g\n' "$GROUP_WAIT"
  printf 's|@GROUP_INTERVAL@|%s|g\n' "$GROUP_INTERVAL"
  printf 's|@GROUP_INTERVAL_OF_WARNINGS@|%s|g\n' "$(multiply 5 "$GROUP_INTERVAL")"
  printf 's|@SLACK_CHANNEL@|%s|g\n' "$(escape "$SLACK_CHANNEL")"
  printf 's|@SMTP_HOST@|%s|g\n' "$(escape "$SMTP_HOST")"
  printf 's|@SMTP_FROM@|%s|g\n' "$(escape "$SMTP_FROM")"
  printf 's|@SMTP_TO@|%s|g\n' "$(escape "$to")"
  printf 's|@SMTP_REQUIRE_TLS@|%s|g\n' "$SMTP_REQUIRE_TLS"
  # The folder is part of a pattern.
  printf 's|@TEMPLATES@|%s/templates/*.tmpl|g\n' "$(escape "$(printf '%s' "$here" | sed 's/[][*?\\]/\\&/g')")"
  printf 's|@WEBHOOK_FILE@|%s|g\n' "$(escape "$webhook")"
  printf 's|@PASSWORD_FILE@|%s|g\n' "$(escape "$password")"
  # Last: it may hold anything, and so what looks like a mark.
  printf 's|@SMTP_USER@|%s|g\n' "$(escape "$SMTP_USER")"
} >"$DATA_DIR/render.sed"
sed -f "$DATA_DIR/render.sed" "$here/alertmanager.yml.template" >"$config"
rm -f "$DATA_DIR/render.sed"

# One instance runs: it has no others to agree with.
exec "$program" \
  --config.file="$config" \
  --storage.path="$DATA_DIR/state" \
  --web.listen-address="$LISTEN" \
  --cluster.listen-address= \
  --log.level=warn \
  "$@"
