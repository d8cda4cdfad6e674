# What every script of a deploy uses: words, settings, waiting, asking. Sourced, never run.
# shellcheck shell=bash

# shellcheck disable=SC2034 # Not every script uses all of them.
readonly exit_rolled_back=1 exit_before=2 exit_stuck=3 exit_locked=4 exit_unfinished=5 exit_usage=64

# --- Words -------------------------------------------------------------------------------------------------------------------

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }

# What services and tools say must not write control characters on a terminal or into a log, and is one line.
clean() {
  local text=${1//[$'\n\t']/ }
  printf '%s' "${text//[^[:print:]]/?}"
}

iso_now() { printf '%(%Y-%m-%dT%H:%M:%SZ)T' -1; }

# Whether it is heard decides nothing: the terminal may be gone, the disk of its log full.
say() { printf '%s %s\n' "$(iso_now)" "$(clean "$*")" 2>/dev/null || true; }

warn() { say "warning: $*" >&2 || true; }

wrong_usage() {
  printf '%s\n' "$(clean "$1")" >&2
  exit "$exit_usage"
}

# --- Time --------------------------------------------------------------------------------------------------------------------

now_ms() { REPLY=$((${EPOCHREALTIME/[.,]/} / 1000)); }

# Waits for $1 seconds without another process: what a killed deploy leaves behind would hold the lock for as long.
exec {quiet_fd}<> <(:)
pause() { IFS= read -rt "$1" -u "$quiet_fd" || true; }

# poll SECONDS COMMAND…: repeats the command until it succeeds. It may set why, and give up by returning 2.
poll() {
  local limit=$1 deadline code
  shift
  now_ms
  deadline=$((REPLY + limit * 1000))
  while true; do
    check_interrupted
    code=0
    "$@" || code=$?
    ((code)) || return 0
    ((code == 2)) && return 1
    now_ms
    if ((REPLY >= deadline)); then
      why="not within $limit s: ${why:-no reason is known}"
      return 1
    fi
    pause "${poll_pause:-0.3}"
  done
}

# --- Settings ----------------------------------------------------------------------------------------------------------------

# Every key that a settings file may have, and its default. deploy/processes.env.example and replyx.env.example explain them.
readonly -A setting_defaults=(
  [STATE_DIR]='' [PUBLIC_URL]='' [RESOLVE_PUBLIC]='' [CA_FILE]='' [REALTIME_NODES]=2
  [BLUE_API_PORT]=18080 [GREEN_API_PORT]=18180 [BLUE_REALTIME_PORT]=18090 [GREEN_REALTIME_PORT]=18190
  [NGINX_BIN]=nginx [NGINX_CONF]='' [NGINX_PREFIX]='' [UPSTREAMS_DIR]='' [NGINX_TIMEOUT]=15
  [NGINX_HTTP_LISTEN]=80 [NGINX_HTTPS_LISTEN]=443 [NGINX_ACCESS_LOG]='' [NGINX_ERROR_LOG]=''
  [TLS_CERTIFICATE]='' [TLS_KEY]='' [ACME_DIR]=''
  [ENV_FILE]='' [OPERATIONS_TOKEN_FILE]='' [SMOKE_SITE_TOKEN_FILE]='' [SMOKE_ASSISTANT_ID]='' [SMOKE_GUEST_TOKEN_FILE]='' [SMOKE_INTERVAL]=30
  [READY_TIMEOUT]=60 [VERIFY_TIMEOUT]=30 [DRAIN_TIMEOUT]=120 [STOP_TIMEOUT]=60
  [WATCH_SECONDS]=300 [WATCH_INTERVAL]=5 [WATCH_TOLERANCE]=3 [MIN_FREE_MB]=500
  [PROMETHEUS_URL]='' [PROMETHEUS_ALERTS]='ApiDown|NoNodes|ConnectsFail|DeliverySlow|DeliveryHole|AvailabilityBurnsFast'
  [ALERTMANAGER_URL]='' [GRAFANA_URL]='' [GRAFANA_TOKEN_FILE]=''
  [SLACK_WEBHOOK_URL_FILE]='' [SMTP_URL]='' [MAIL_FROM]='' [MAIL_TO]='' [SMTP_USER]='' [SMTP_PASSWORD_FILE]=''
  [COMPOSE_PROJECT]='' [COMPOSE_FILES]='' [COMPOSE_ENV_FILE]=''
)

# load_settings FILE: KEY=value lines; the file is read, never run. The environment counts more than the file.
load_settings() {
  local line key value number=0
  [[ -f $1 && -r $1 ]] || wrong_usage "The settings file $1 cannot be read."
  for key in "${!setting_defaults[@]}"; do
    if [[ -v $key ]]; then
      is_given[$key]=1
    else
      printf -v "$key" '%s' "${setting_defaults[$key]}"
    fi
  done
  while IFS= read -r line || [[ -n $line ]]; do
    ((++number))
    line=${line%$'\r'}
    [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
    [[ $line =~ ^([A-Z][A-Z0-9_]*)=(.*)$ ]] || wrong_usage "$1, line $number: not KEY=value."
    key=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    [[ -v setting_defaults[$key] ]] || wrong_usage "$1, line $number: there is no setting $key."
    [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]] && value=${BASH_REMATCH[1]}
    [[ -v is_given[$key] ]] || printf -v "$key" '%s' "$value"
  done <"$1"
}
declare -A is_given=()

# need_match KEY PATTERN WORDS
need_match() {
  [[ ${!1} =~ $2 ]] || wrong_usage "The setting $1 $3, not \"${!1}\"."
}

readonly url_pattern='^https?://[A-Za-z0-9._~-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/%-]*)?$'

# What the flow itself needs; a driver checks its own.
check_settings() {
  local key
  need_match STATE_DIR '^/[^[:cntrl:]]+$' 'is an absolute path'
  need_match PUBLIC_URL '^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$' 'is a scheme and a host, such as https://chat.example.com'
  PUBLIC_URL=${PUBLIC_URL%/}
  # The operations token goes there.
  [[ $PUBLIC_URL == https://* || $PUBLIC_URL =~ ^http://(localhost|127\.) ]] || wrong_usage 'PUBLIC_URL is an https one.'
  need_match RESOLVE_PUBLIC '^$|^[A-Za-z0-9.-]+:[0-9]{1,5}$' 'is host:port'
  need_match REALTIME_NODES '^[1-9][0-9]?$' 'is a number from 1 to 99'
  for key in READY_TIMEOUT VERIFY_TIMEOUT DRAIN_TIMEOUT STOP_TIMEOUT WATCH_INTERVAL SMOKE_INTERVAL WATCH_TOLERANCE NGINX_TIMEOUT; do
    need_match "$key" '^[1-9][0-9]{0,4}$' 'is a whole number, at least 1'
  done
  for key in WATCH_SECONDS MIN_FREE_MB; do
    need_match "$key" '^(0|[1-9][0-9]{0,5})$' 'is a whole number'
  done
  for key in PROMETHEUS_URL ALERTMANAGER_URL GRAFANA_URL; do
    [[ -z ${!key} ]] || need_match "$key" "$url_pattern" 'is a URL without credentials'
    printf -v "$key" '%s' "${!key%/}"
  done
  need_match PROMETHEUS_ALERTS '^[A-Za-z0-9|]*$' 'is names of alerts with | between'
  need_match SMOKE_ASSISTANT_ID '^[A-Za-z0-9_-]*$' 'is the id of an assistant'
  [[ -z $SMOKE_SITE_TOKEN_FILE || -z $SMOKE_ASSISTANT_ID ]] || wrong_usage 'Either SMOKE_SITE_TOKEN_FILE or SMOKE_ASSISTANT_ID, not both.'
  for key in OPERATIONS_TOKEN_FILE SMOKE_SITE_TOKEN_FILE SMOKE_GUEST_TOKEN_FILE GRAFANA_TOKEN_FILE SLACK_WEBHOOK_URL_FILE SMTP_PASSWORD_FILE CA_FILE; do
    [[ -z ${!key} ]] || [[ -r ${!key} ]] || wrong_usage "$key: ${!key} cannot be read."
  done
  [[ -n $OPERATIONS_TOKEN_FILE ]] || wrong_usage 'OPERATIONS_TOKEN_FILE is missing: nodes are drained with that token.'
  for key in OPERATIONS_TOKEN_FILE SMOKE_SITE_TOKEN_FILE SMOKE_GUEST_TOKEN_FILE GRAFANA_TOKEN_FILE SLACK_WEBHOOK_URL_FILE SMTP_PASSWORD_FILE; do
    [[ -z ${!key} ]] || check_private "${!key}"
  done
  operations_token=$(read_secret "$OPERATIONS_TOKEN_FILE")
  [[ $operations_token =~ ^[A-Za-z0-9._~+/=-]{16,}$ ]] || wrong_usage "$OPERATIONS_TOKEN_FILE holds no token of at least 16 characters."
}

# A secret that everybody may read is none. A group may, such as the one by which containers read theirs.
check_private() {
  local mode
  mode=$(stat -Lc %a -- "$1") || wrong_usage "$1 cannot be read."
  (((8#$mode & 8#037) == 0)) || wrong_usage "$1 can be read or changed by others (mode $mode): chmod 600."
}

read_secret() { tr -d '[:space:]' <"$1"; }

# --- Files -------------------------------------------------------------------------------------------------------------------

# write_file FILE TEXT: whole or not at all, also where the power fails.
write_file() (
  trap '' INT TERM HUP
  { printf '%s\n' "$2" >"$1.new" && sync -- "$1.new" && mv -f -- "$1.new" "$1"; } 2>/dev/null
)

read_file() {
  REPLY=
  [[ -r $1 ]] && IFS= read -r REPLY <"$1"
  return 0
}

other_colour() { if [[ $1 == blue ]]; then echo green; else echo blue; fi; }

# --- Asking ------------------------------------------------------------------------------------------------------------------

# ask METHOD URL [open]: the answer is in answer, its status in status (000: none came). With the operations token unless "open" is
# given; that goes by the standard input, since arguments are for all to see.
ask() {
  local -a options=(-q -sS --config - --globoff --max-time 10 --connect-timeout 3 --max-filesize 8388608 --user-agent replyx-deploy
    --noproxy '*' --proto '=http,https' -X "$1")
  [[ $1 == HEAD ]] && options+=(-I)
  if [[ $2 == "$PUBLIC_URL"/* ]]; then
    [[ -z $CA_FILE ]] || options+=(--cacert "$CA_FILE")
    [[ -z $RESOLVE_PUBLIC ]] || options+=(--connect-to "::$RESOLVE_PUBLIC")
  fi
  answer=$({ [[ ${3:-} == open ]] || printf 'header = "Authorization: Bearer %s"\n' "$operations_token"; } |
    curl "${options[@]}" --write-out '\n%{http_code}' -- "$2" 2>/dev/null) || true
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  [[ $status =~ ^[0-9]{3}$ ]] || status=000
}

# --- One at a time -----------------------------------------------------------------------------------------------------------

lock_fd=

# The kernel lets go of the lock when the last process ends that has it open: this script, and a command that it was killed amid.
# What lives longer is started without it. take_lock SECONDS: how long one that lives is waited for.
take_lock() {
  local holder i
  { exec {lock_fd}>>"$STATE_DIR/deploy.lock"; } 2>/dev/null || wrong_usage "$STATE_DIR/deploy.lock cannot be written."
  if ! flock -n "$lock_fd"; then
    if (($1)) && flock -w "$1" "$lock_fd"; then
      write_file "$STATE_DIR/deploy.holder" "$$ $(iso_now)"
      return
    fi
    # One that has just taken it has not written down yet who it is.
    for ((i = 0; i < 90; i++)); do
      read_file "$STATE_DIR/deploy.holder"
      holder=${REPLY%% *}
      # Not kill -0: it may be another user's.
      if [[ -z $holder || -e /proc/$holder ]]; then
        say "Another deploy or rollback holds the lock (process ${holder:-unknown})." >&2
        exit "$exit_locked"
      fi
      ((i)) || say "The deploy before (process $holder) is gone; waiting for its last command to end."
      flock -w 1 "$lock_fd" && break
    done
    if ((i == 90)); then
      say 'It does not end.' >&2
      exit "$exit_locked"
    fi
  fi
  write_file "$STATE_DIR/deploy.holder" "$$ $(iso_now)"
}

# Only if nobody has it.
try_lock() {
  { exec {lock_fd}>>"$STATE_DIR/deploy.lock"; } 2>/dev/null || { lock_fd=; return 1; }
  if ! flock -n "$lock_fd"; then
    exec {lock_fd}>&-
    lock_fd=
    return 1
  fi
  write_file "$STATE_DIR/deploy.holder" "$$ $(iso_now)"
}

release_lock() {
  [[ -z $lock_fd ]] || exec {lock_fd}>&-
  lock_fd=
}

let_go_of_lock() {
  [[ -z $lock_fd ]] || exec {lock_fd}>&-
  exec {quiet_fd}>&-
}

# In a process of its own, since closing what {name} stands for lasts.
without_lock() (
  let_go_of_lock
  "$@"
)

# --- Interruptions -----------------------------------------------------------------------------------------------------------

interrupted=0
# Whether an interruption ends what is waited for; otherwise the step is finished first.
may_interrupt=false

heed_interruptions() {
  trap 'interrupted=130' INT
  trap 'interrupted=143' TERM HUP
}
heed_interruptions
trap '' PIPE

# What goes back is not cut: all of a terminal's processes get its Ctrl-C, also those that are only asked something.
ignore_interruptions() {
  may_interrupt=false
  trap '' INT TERM HUP
}

check_interrupted() {
  if ((interrupted)) && [[ $may_interrupt == true ]]; then
    may_interrupt=false
    on_interrupted
  fi
}
