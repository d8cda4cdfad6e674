#!/bin/sh
# Renders the configuration and becomes Prometheus: the image's entry point, and what runs where Prometheus is a local executable.
#   API_URL        where the Api answers, http(s)://host[:port]            (required)
#   METRICS_TOKEN  what the Api asks scrapes for; empty in development
#   DATA_DIR       where the series, and the rendered configuration, are kept  (/prometheus)
#   LISTEN         address and port to listen on                           (0.0.0.0:9090)
#   RETENTION      how long series are kept                                (15d)
set -eu

fail() {
  echo "start.sh: $1" >&2
  exit 1
}

: "${DATA_DIR:=/prometheus}" "${LISTEN:=0.0.0.0:9090}" "${RETENTION:=15d}" "${METRICS_TOKEN:=}"

url=${API_URL:-}
[ -n "$url" ] || fail 'API_URL is missing'
url=${url%/}
case $url in
  http://*) scheme=http ;;
  https://*) scheme=https ;;
  *) fail "API_URL is no http or https URL: $url" ;;
esac
api=${url#*://}
# Also what makes it safe to put into the configuration by sed.
case $api in
  '' | *[!A-Za-z0-9.:_-]*) fail "API_URL is more than a host and a port: $url" ;;
esac

case $DATA_DIR in
  /*) ;;
  *) DATA_DIR=$PWD/$DATA_DIR ;;
esac
here=$(dirname "$0")
config=$DATA_DIR/prometheus.yml
token=$DATA_DIR/metrics-token
mkdir -p "$DATA_DIR/series"

# The token goes into a file of its own, which the configuration names: the page that shows the configuration is open.
(umask 077 && printf '%s' "$METRICS_TOKEN" >"$token")

escaped=$(printf '%s' "$token" | sed 's/[&|\\]/\\&/g')
sed -e "s|@SCHEME@|$scheme|g" -e "s|@API@|$api|g" -e "s|@TOKEN_FILE@|$escaped|g" -e "s|@SELF@|127.0.0.1:${LISTEN##*:}|g" \
  "$here/prometheus.yml.template" >"$config"

exec prometheus \
  --config.file="$config" \
  --storage.tsdb.path="$DATA_DIR/series" \
  --storage.tsdb.retention.time="$RETENTION" \
  --web.listen-address="$LISTEN"
