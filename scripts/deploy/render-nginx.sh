#!/usr/bin/env bash
# Writes the configuration of nginx for plain processes, from deploy/nginx/nginx.conf.template and the settings of the deploy.
#
#   render-nginx.sh --config FILE [--print]
#
# Options:
#   --config FILE   the settings: PUBLIC_URL, TLS_CERTIFICATE, TLS_KEY, NGINX_CONF and others
#   --print         print it, and write nothing
#   --help          this text
#
# NGINX_CONF is written whole or not at all; nginx is neither tested nor reloaded, the next deploy does both.
#
# Exit codes: 0 done; 64 wrong options or settings.

set -uo pipefail
export LC_ALL=C
umask 022

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd) || exit 64
readonly repository
# shellcheck source-path=SCRIPTDIR source=lib/common.sh
. "$repository/scripts/deploy/lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=drivers/processes.sh
. "$repository/scripts/deploy/drivers/processes.sh"

config='' is_printed=false
while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --print) is_printed=true ;;
    --config)
      (($# > 1)) || wrong_usage "$1 needs a value."
      config=$2
      shift
      ;;
    *) wrong_usage "There is no option $1. Try --help." ;;
  esac
  shift
done
[[ -n $config ]] || wrong_usage '--config is missing.'
load_settings "$config"
check_settings
driver_check_settings
for key in NGINX_HTTP_LISTEN NGINX_HTTPS_LISTEN; do
  need_match "$key" '^([0-9.]+:|\[[0-9a-fA-F:.]+\]:)?[0-9]{1,5}$' 'is a port or address:port'
done
[[ $PUBLIC_URL == https://* ]] || wrong_usage 'PUBLIC_URL is an https one.'

authority=${PUBLIC_URL#https://}
[[ -n $ACME_DIR ]] || ACME_DIR=$NGINX_PREFIX/acme
[[ -n $NGINX_ACCESS_LOG ]] || NGINX_ACCESS_LOG=$STATE_DIR/log/nginx-access.log
[[ -n $NGINX_ERROR_LOG ]] || NGINX_ERROR_LOG=$STATE_DIR/log/nginx-error.log
for key in TLS_CERTIFICATE TLS_KEY UPSTREAMS_DIR NGINX_PREFIX ACME_DIR NGINX_ACCESS_LOG NGINX_ERROR_LOG; do
  need_match "$key" '^/[^[:cntrl:][:space:];{}]+$' 'is an absolute path that nginx can read, without spaces'
done

# How HTTP/2 is asked for changed with 1.25.1.
number=$("$NGINX_BIN" -v 2>&1 | sed -nE 's|.*nginx/([0-9]+)\.([0-9]+)\.([0-9]+).*|\1 \2 \3|p')
read -r major minor patch <<<"${number:-0 0 0}"
number=$((major * 1000000 + minor * 1000 + patch))
((number >= 1019004)) || wrong_usage "nginx 1.19.4 or later is needed, for ssl_reject_handshake; $NGINX_BIN is $major.$minor.$patch."
listen=' http2' directive=''
((number < 1025001)) || listen='' directive='http2 on;'
# A client that sends just as nginx reloads still finds its connection open.
keepalive=''
((number < 1027004)) || keepalive='keepalive_min_timeout 5s;'

text=$(<"$repository/deploy/nginx/nginx.conf.template") || exit 64
fill() { text=${text//"\${REPLYX_$1}"/"$2"}; }
fill HTTP_LISTEN "$NGINX_HTTP_LISTEN"
fill HTTPS_LISTEN "$NGINX_HTTPS_LISTEN"
fill HTTP2_LISTEN "$listen"
fill HTTP2 "$directive"
fill KEEPALIVE "$keepalive"
fill PUBLIC_HOST "${authority%%:*}"
fill PUBLIC_AUTHORITY "$authority"
fill CERTIFICATE "$TLS_CERTIFICATE"
fill CERTIFICATE_KEY "$TLS_KEY"
fill UPSTREAMS "$UPSTREAMS_DIR"
fill LOG_ACCESS "$NGINX_ACCESS_LOG"
fill LOG_ERROR "$NGINX_ERROR_LOG"
fill RUN "$NGINX_PREFIX"
fill ACME "$ACME_DIR"
# [::] is for both families, which may be said only once an address.
for key in NGINX_HTTP_LISTEN NGINX_HTTPS_LISTEN; do
  [[ ${!key} != '[::]:'* ]] || text=$(awk -v listen="listen ${!key} " \
    'index($0, listen) && /default_server;/ { sub(/default_server;/, "default_server ipv6only=off;") } { print }' <<<"$text")
done
# shellcheck disable=SC2001 # By line.
text=$(sed 's/[[:space:]]*$//' <<<"$text")

if [[ $is_printed == true ]]; then
  printf '%s\n' "$text"
else
  mkdir -p -- "$STATE_DIR/log" "$NGINX_PREFIX" "$UPSTREAMS_DIR" "$ACME_DIR" "$(dirname "$NGINX_CONF")" && write_file "$NGINX_CONF" "$text" || exit 64
  echo "$NGINX_CONF is written."
fi
