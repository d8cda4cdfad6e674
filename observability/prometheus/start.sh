#!/bin/sh
# Renders the configuration and becomes Prometheus: the image's entry point, and what runs where Prometheus is a local executable.
#   API_URL        where the Api answers, http(s)://host[:port]            (required)
#   METRICS_TOKEN  what the Api asks scrapes for; empty in development. METRICS_TOKEN_FILE: a file that holds it
#   ALERTMANAGER_URL  where Alertmanager answers, http(s)://host[:port]; empty: alerts are on Prometheus' page only
#   RUNBOOK_URL    where the runbook is read, for the links in alerts      (docs/runbook.md)
#   DATA_DIR       where the series, and the rendered configuration, are kept  (/prometheus)
#   LISTEN         address and port to listen on                           (0.0.0.0:9090)
#   RETENTION      how long series are kept; the error budget looks back 30 days  (31d)
set -eu

fail() {
  echo "start.sh: $1" >&2
  exit 1
}

# From a file, where the environment is for more people to see than a secret is. The shell drops the line's end.
[ -z "${METRICS_TOKEN_FILE:-}" ] || METRICS_TOKEN=$(cat "$METRICS_TOKEN_FILE") || fail "METRICS_TOKEN_FILE: $METRICS_TOKEN_FILE cannot be read"

: "${DATA_DIR:=/prometheus}" "${LISTEN:=0.0.0.0:9090}" "${RETENTION:=31d}" "${METRICS_TOKEN:=}" "${ALERTMANAGER_URL:=}" \
  "${RUNBOOK_URL:=docs/runbook.md}"

# Sets scheme and host of the URL that a variable holds.
parse() { # parse NAME URL
  url=${2%/}
  case $url in
    http://*) scheme=http ;;
    https://*) scheme=https ;;
    *) fail "$1 is no http or https URL: $url" ;;
  esac
  host=${url#*://}
  # Also what makes it safe to put into the configuration by sed.
  case $host in
    '' | *[!A-Za-z0-9.:_-]*) fail "$1 is more than a host and a port: $url" ;;
  esac
}

alertmanager_scheme='' alertmanager='' leave_out=''
if [ -n "$ALERTMANAGER_URL" ]; then
  parse ALERTMANAGER_URL "$ALERTMANAGER_URL"
  alertmanager_scheme=$scheme alertmanager=$host
else
  leave_out='/^ *# if ALERTMANAGER$/,/^ *# end ALERTMANAGER$/d'
fi

[ -n "${API_URL:-}" ] || fail 'API_URL is missing'
parse API_URL "$API_URL"
api=$host

# It stands in single quotes in the rules, and Prometheus would take {{ for a template.
case $RUNBOOK_URL in
  *[!A-Za-z0-9./:_~%?=@+-]*) fail "RUNBOOK_URL has what no address needs: $RUNBOOK_URL" ;;
esac

case $DATA_DIR in
  /*) ;;
  *) DATA_DIR=$PWD/$DATA_DIR ;;
esac
here=$(dirname "$0")
config=$DATA_DIR/prometheus.yml
token=$DATA_DIR/metrics-token
mkdir -p "$DATA_DIR/series" "$DATA_DIR/rules"

# The token goes into a file of its own, which the configuration names: the page that shows the configuration is open.
# An old one goes first, and with it its mode.
rm -f "$token"
(umask 077 && printf '%s' "$METRICS_TOKEN" >"$token")

# A path as the content of a single-quoted YAML string, and as the replacement in sed's s|||.
escape() { printf '%s' "$1" | sed -e "s/'/''/g" -e 's/[&|\\]/\\&/g'; }
sed -e "$leave_out" -e '/^ *# if [A-Z]*$/d' -e '/^ *# end [A-Z]*$/d' \
  -e "s|@SCHEME@|$scheme|g" -e "s|@API@|$api|g" -e "s|@TOKEN_FILE@|$(escape "$token")|g" -e "s|@SELF@|127.0.0.1:${LISTEN##*:}|g" \
  -e "s|@ALERTMANAGER_SCHEME@|$alertmanager_scheme|g" -e "s|@ALERTMANAGER@|$alertmanager|g" -e "s|@RULES@|$(escape "$DATA_DIR/rules")|g" \
  "$here/prometheus.yml.template" >"$config"

# Old ones go first, and with them what is no rule any more.
rm -f "$DATA_DIR/rules/"*.yml
for rules in "$here"/rules/*.yml; do
  sed "s|@RUNBOOK_URL@|$RUNBOOK_URL|g" "$rules" >"$DATA_DIR/rules/${rules##*/}"
done

exec prometheus \
  --config.file="$config" \
  --storage.tsdb.path="$DATA_DIR/series" \
  --storage.tsdb.retention.time="$RETENTION" \
  --web.listen-address="$LISTEN" \
  --log.level=warn
