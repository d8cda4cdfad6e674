#!/usr/bin/env bash
# Checks one deployment from outside: what /health/websocket says, and whether a real socket carries a message.
#
#   websocket-health-check.sh URL [options]
#
# URL is a realtime node or the ingress in front: https://realtime.example.com
#
# Options:
#   --api URL              the HTTP API, where a visitor's dialog is started
#   --widget ID            the site's public assistant id; with it a message is sent
#   --visitor-url          open the socket where the API sends visitors, not at URL
#   --min-nodes N          nodes that must be ready (1)
#   --max-backplane-ms N   the probe's round trip must be below this (1000)
#   --timeout SECONDS      for each step: the report, the start of the dialog, the socket (10)
#   --strict               degraded is a failure
#   --json                 print one JSON object instead of lines
#   --help                 this text
#
# Environment:
#   HEALTH_API_URL, HEALTH_WIDGET   the same as --api and --widget
#   HEALTH_SITE_TOKEN               a site token instead of the assistant id: checks the site path
#   HEALTH_GUEST_TOKEN              a guest token: every check then writes in the same dialog
#
# Without a credential only the upgrade is checked: a wrong token must be refused with close code 4002.
#
# Exit codes:
#   0   healthy, or degraded without --strict
#   1   unhealthy: by its own word, too few nodes ready, or the backplane too slow
#   2   unreachable: no answer over HTTP
#   3   the answer is not a report of /health/websocket
#   4   the socket failed
#   5   the dialog could not be started, or the message did not come back
#   6   degraded, with --strict
#   64  called with wrong options, or curl, jq or openssl is missing
# Every check runs even if one before it failed, except after 2; the first failure decides the code.

set -uo pipefail

# Lengths in bytes, and a point in EPOCHREALTIME.
export LC_ALL=C

# A peer that is gone is a failed write, not the end of the script.
trap '' PIPE

readonly max_body=65536
readonly max_frame=65536
readonly agent=replyx-health-check

readonly unhealthy=1 unreachable=2 wrong_answer=3 socket_failed=4 message_failed=5 degraded=6 usage=64

help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "${BASH_SOURCE[0]}"; }

wrong_usage() {
  printf '%s\nTry --help.\n' "$(clean "$1")" >&2
  exit "$usage"
}

# Answers of strangers must not write control characters on a terminal or into a log.
clean() { printf '%s' "${1//[^[:print:]]/?}"; }

# --- Results -----------------------------------------------------------------------------------------------------------------

exit_code=0
is_degraded=false
report=null
socket_ms=null
message_ms=null
checks=()

note() {
  local result=$1 name=$2 text
  text=$(clean "$3")
  checks+=("$result"$'\t'"$name"$'\t'"$text")
  [[ $json == true ]] || printf '%-7s  %-8s  %s\n' "$result" "$name" "$text"
}

fail() {
  ((exit_code)) || exit_code=$1
  note failed "$2" "$3"
}

conclude() {
  local verdict
  if ((exit_code == 0)) && [[ $is_degraded == true && $strict == true ]]; then
    exit_code=$degraded
  fi
  case $exit_code in
    0) if [[ $is_degraded == true ]]; then verdict=degraded; else verdict=healthy; fi ;;
    "$unhealthy") verdict=unhealthy ;;
    "$unreachable") verdict=unreachable ;;
    "$wrong_answer") verdict='wrong answer' ;;
    "$socket_failed") verdict='socket failed' ;;
    "$message_failed") verdict='message failed' ;;
    "$degraded") verdict=degraded ;;
  esac

  if [[ $json == true ]]; then
    printf '%s\n' "${checks[@]}" | jq -Rcn --arg url "$url" --arg verdict "$verdict" --argjson code "$exit_code" \
      --argjson report "$report" --argjson socket "$socket_ms" --argjson message "$message_ms" '
      {url: $url, verdict: $verdict, exit_code: $code,
       socket_milliseconds: $socket, message_milliseconds: $message,
       checks: [inputs | split("\t") | {name: .[1], result: .[0], detail: .[2]}],
       report: $report}'
  else
    printf '%s: %s (exit code %d)\n' "$verdict" "$url" "$exit_code"
  fi
  exit "$exit_code"
}

# --- Time --------------------------------------------------------------------------------------------------------------------

now_us() { REPLY=${EPOCHREALTIME/./}; }

# Each step has the whole limit, however many reads it is made of.
start_clock() {
  now_us
  started=$REPLY
  deadline=$((started + limit * 1000000))
}

elapsed_ms() {
  now_us
  REPLY=$(((REPLY - ${1:-$started} + 500) / 1000))
}

# In seconds; never 0, which is "for ever" to timeout and "do not wait" to read.
time_left() {
  now_us
  local us=$((deadline - REPLY))
  ((us > 10000)) || us=10000
  printf -v REPLY '%d.%06d' $((us / 1000000)) $((us % 1000000))
}

# --- URLs --------------------------------------------------------------------------------------------------------------------

# Sets scheme, host, port, path and authority. Credentials and queries are refused: they would stand in the process list.
parse_url() {
  local pattern='^(http|https|ws|wss)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:([0-9]{1,5}))?(/[A-Za-z0-9._~/%-]*)?$'
  [[ $1 =~ $pattern ]] || return 1
  scheme=${BASH_REMATCH[1]} host=${BASH_REMATCH[2]} port=${BASH_REMATCH[4]} path=${BASH_REMATCH[5]%/}
  case $scheme in
    http | ws) scheme=ws port=${port:-80} ;;
    *) scheme=wss port=${port:-443} ;;
  esac
  authority=$host:$port
  # Some proxies know their hosts by the name alone.
  case $authority:$scheme in
    *:80:ws | *:443:wss) authority=$host ;;
  esac
}

is_http() { [[ $1 == http://* || $1 == https://* ]] && (parse_url "$1"); }

# --- The report --------------------------------------------------------------------------------------------------------------

check_report() {
  local code failure judgement lines=()
  code=$(curl -q -sS --proto '=http,https' --max-time "$limit" --max-filesize "$max_body" --user-agent "$agent" \
    --header 'Accept: application/json' --header 'Cache-Control: no-cache' \
    --output "$work/report" --write-out '%{http_code}' "$url/health/websocket" 2>"$work/error")
  failure=$?
  case $failure in
    0) ;;
    63)
      fail "$wrong_answer" report "more than $max_body bytes"
      return
      ;;
    *)
      fail "$unreachable" report "$(head -n 1 "$work/error")"
      return 1
      ;;
  esac
  if [[ $code != 200 && $code != 503 ]]; then
    fail "$wrong_answer" report "$code, where a report is 200 or 503"
    return
  fi

  # A proxy that answers by itself answers 200 as well: only the body can tell.
  if ! judgement=$(jq -sc --arg code "$code" --argjson least "$min_nodes" --argjson most "$max_backplane" '
    def whole: type == "number" and . >= 0 and . == floor;
    def names: ["active_admin_connections", "active_site_connections", "total_dialogs_admin", "total_dialogs_site", "nodes", "ready_nodes"];

    if length != 1 or (.[0] | type) != "object" then error("no JSON object") else .[0] end
    | . as $r
    | [ ([names[] | select($r[.] | whole | not)] | if . == [] then empty else "no whole number in " + join(", ") end),
        (if ($r.dialogs_estimated | type) != "boolean" then "dialogs_estimated is not true or false" else empty end),
        (if ["healthy", "degraded", "unhealthy"] | index([$r.status]) | not then "status is unknown" else empty end),
        (if $r.reasons == null or (($r.reasons | type) == "array" and all($r.reasons[]; type == "string")) then empty
         else "reasons is not a list of texts" end),
        (if $r.status == "healthy" and ($r.reasons // [] | length) > 0 then "it is healthy, with reasons" else empty end),
        (if ($r.nodes | whole) and ($r.ready_nodes | whole) and $r.ready_nodes > $r.nodes
         then "more nodes are ready than there are" else empty end),
        (if $r.backplane_milliseconds == null then (if $r.status == "unhealthy" then empty else "backplane_milliseconds is missing" end)
         elif ($r.backplane_milliseconds | type) == "number" and $r.backplane_milliseconds >= 0 then empty
         else "backplane_milliseconds is not a time" end),
        (if $code != (if $r.status == "unhealthy" then "503" else "200" end) then "\($code) does not go with the status" else empty end)
      ] as $wrong
    | [ (if $r.status == "unhealthy" then "unhealthy" else empty end),
        ($r.reasons // [] | if type == "array" then .[] | tostring else empty end),
        (if $wrong == [] and $r.ready_nodes < $least then "\($r.ready_nodes) nodes are ready, and \($least) must be" else empty end),
        (if $wrong == [] and ($r.backplane_milliseconds // 0) >= $most
         then "the backplane took \($r.backplane_milliseconds) ms, and must take less than \($most)" else empty end)
      ] as $ill
    | { wrong: $wrong, report: $r,
        ill: (if $wrong == [] and ($r.status == "unhealthy" or $r.ready_nodes < $least or ($r.backplane_milliseconds // 0) >= $most)
              then $ill else [] end),
        degraded: ($r.status == "degraded"),
        reasons: $ill,
        numbers: "\($r.ready_nodes) of \($r.nodes) nodes ready, backplane \($r.backplane_milliseconds) ms, \($r.active_admin_connections) + \($r.active_site_connections) sockets" }
    ' "$work/report" 2>/dev/null); then
    fail "$wrong_answer" report "$code, and no JSON object: $(head -c 60 "$work/report" 2>/dev/null | tr '\0' '?')"
    return
  fi

  mapfile -t lines < <(jq -r '
    def line: gsub("[\r\n\t]"; " ");
    (.wrong | join("; ") | line), (.ill | join("; ") | line), .degraded, (.reasons | join("; ") | line), (.numbers | line)' <<<"$judgement")
  report=$(jq -c .report <<<"$judgement")
  if [[ -n ${lines[0]} ]]; then
    fail "$wrong_answer" report "$code, but ${lines[0]}"
  elif [[ -n ${lines[1]} ]]; then
    fail "$unhealthy" report "$code, ${lines[1]}"
  elif [[ ${lines[2]} == true ]]; then
    is_degraded=true
    note warning report "$code, degraded${lines[3]:+: ${lines[3]}}; ${lines[4]}"
  else
    note ok report "$code, ${lines[4]}"
  fi
}

# --- The dialog --------------------------------------------------------------------------------------------------------------

# Asks for a dialog. Everything that is a secret goes by the standard input: arguments are for every user of a machine to see.
request_dialog() {
  jq -nr --arg url "$api/api/$mode/dialogs" --arg mode "$mode" --arg guest "$1" '
    ({visitor: {name: "Health check"}} + (if $mode == "site" then {site_token: env.HEALTH_SITE_TOKEN} else {assistant_id: env.HEALTH_WIDGET} end)
      | tojson) as $body
    | "url = \($url | tojson)",
      "header = \"Content-Type: application/json\"",
      (if $guest == "with" then "header = \("Authorization: Bearer \(env.HEALTH_GUEST_TOKEN)" | tojson)" else empty end),
      "data-binary = \($body | tojson)"' |
    curl -q -sS --config - --proto '=http,https' --max-time "$limit" --max-filesize "$max_body" --user-agent "$agent" \
      --output "$work/dialog" --write-out '%{http_code}' 2>"$work/error"
}

# The "code" of an error, if there is one; nothing else of an answer to a request that held a secret is shown.
problem_code() { jq -r '.code | select(type == "string" and test("^[a-z_]{1,40}$")) | ", " + .' 2>/dev/null; }

# Sets dialog, token and realtime_url.
start_dialog() {
  local code guest=without
  [[ -n $HEALTH_GUEST_TOKEN ]] && guest=with
  start_clock
  code=$(request_dialog "$guest")
  # What a visitor's page does when its guest token is no good any more.
  if [[ $code == 401 && $guest == with ]]; then
    note warning dialog "the guest token is refused$(problem_code <"$work/dialog"); started a new guest"
    code=$(request_dialog without)
  fi
  if [[ $code == 000 ]]; then
    fail "$message_failed" dialog "$(head -n 1 "$work/error")"
    return 1
  fi
  if [[ $code != 20[01] ]]; then
    fail "$message_failed" dialog "the API answered $code$(problem_code <"$work/dialog")"
    return 1
  fi
  IFS=$'\t' read -r dialog token realtime_url < <(
    jq -r 'select((.id | type) == "number" and (.token | type) == "string") | [.id, .token, .realtime_url // "-"] | @tsv' "$work/dialog" 2>/dev/null)
  if [[ ! $dialog =~ ^[0-9]+$ || ! $token =~ ^[A-Za-z0-9._-]+$ ]]; then
    fail "$message_failed" dialog "the API answered $code without a dialog and its token"
    return 1
  fi
  elapsed_ms
  note ok dialog "$code, in $REPLY ms"
}

# --- The socket --------------------------------------------------------------------------------------------------------------

# bash opens a connection but cannot bound the time that takes, so another bash does, under timeout. When the server closes,
# the first cat ends and ends the other.
# shellcheck disable=SC2016 # Expanded by the bash that runs it.
readonly relay='exec 3<>"/dev/tcp/$1/$2" || exit 1
exec 4<&0
cat <&4 >&3 & writer=$!
cat <&3
kill "$writer"'

connection=
key=
accept=
text=
message=
dialog=
token=
realtime_url=

connect() {
  key=$(openssl rand -base64 16)
  accept=$(printf '%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11' "$key" | openssl dgst -sha1 -binary | openssl base64)
  start_clock
  local bare=${host#\[}
  bare=${bare%\]}
  # Two named pipes, since bash closes a coprocess's own pipes, unread bytes and all, when it ends.
  mkfifo "$work/up" "$work/down"
  if [[ $scheme == wss ]]; then
    local verify=(-verify_return_error -verify_quiet)
    # The environment can give curl another set of authorities; the socket is to trust the same ones.
    [[ -n ${CURL_CA_BUNDLE:-} ]] && verify+=(-CAfile "$CURL_CA_BUNDLE")
    if [[ $bare == *:* || $bare =~ ^[0-9.]+$ ]]; then
      verify+=(-verify_ip "$bare")
    else
      verify+=(-servername "$bare" -verify_hostname "$bare")
    fi
    timeout -k 1 "$limit" openssl s_client -quiet -connect "$host:$port" -alpn http/1.1 "${verify[@]}" \
      <"$work/up" >"$work/down" 2>"$work/error" &
  else
    timeout -k 1 "$limit" bash -c "$relay" relay "$bare" "$port" <"$work/up" >"$work/down" 2>"$work/error" &
  fi
  connection=$!
  exec {up}>"$work/up" {down}<"$work/down"
}

disconnect() {
  [[ -n $connection ]] || return 0
  { kill "$connection" && wait "$connection"; } 2>/dev/null
  connection=
  exec {up}>&- {down}<&-
}

# Why the connection is gone, as its process said.
connection_error() {
  now_us
  if ((REPLY >= deadline - 20000)); then
    echo "nothing came within $limit s"
  else
    # Its process may be about to say it.
    sleep 0.1
    local said
    said=$(grep -m 1 -iE 'verify error|refused|unreachable|timed out|not known|alert|errno' "$work/error" 2>/dev/null)
    said=${said##*"$host: "}
    echo "the connection ended${said:+: ${said:0:120}}"
  fi
}

# Reads $1 bytes: REPLY has them as hexadecimal digits, since a variable of bash cannot hold a zero byte, and text as they are, which
# is enough for JSON. No other process: starting some for each frame would take longer than the message does.
read_bytes() {
  local i byte hex digits=''
  text=
  time_left
  for ((i = 0; i < $1; i++)); do
    IFS= read -r -d '' -n 1 -t "$REPLY" -u "$down" byte || return 1
    text+=$byte
    printf -v hex '%d' "'$byte"
    printf -v hex '%02x' $((hex & 0xff))
    digits+=$hex
  done
  REPLY=$digits
}

# Sends the request and judges the answer. $1 is the path, $2 the token.
upgrade() {
  local line status name value size
  local -A headers=()
  printf '%s\r\n' "GET $1 HTTP/1.1" "Host: $authority" 'Upgrade: websocket' 'Connection: Upgrade' 'Sec-WebSocket-Version: 13' \
    "Sec-WebSocket-Key: $key" "Sec-WebSocket-Protocol: replyx.v1, replyx.token.$2" "User-Agent: $agent" '' 1>&"$up" 2>/dev/null

  time_left
  if ! IFS= read -r -t "$REPLY" -u "$down" line; then
    problem=$(connection_error)
    return 1
  fi
  status=${line%$'\r'}
  while time_left && IFS= read -r -t "$REPLY" -u "$down" line && line=${line%$'\r'} && [[ -n $line ]] && ((${#headers[@]} < 100)); do
    name=${line%%:*} value=${line#*:}
    headers[x${name,,}]=${value#"${value%%[![:space:]]*}"}
  done

  if [[ $status != 'HTTP/1.1 101 '* && $status != 'HTTP/1.1 101' ]]; then
    problem="no upgrade, but ${status:0:60}"
    size=${headers[xcontent-length]:-0}
    if [[ $size =~ ^[0-9]{1,4}$ ]] && read_bytes "$size"; then
      problem+=$(problem_code <<<"$text")
    fi
    return 1
  fi
  value=${headers[xupgrade]:-}
  if [[ ${value,,} != websocket ]]; then
    problem='the upgrade is to something else'
  elif [[ ${headers[xsec-websocket-accept]:-} != "$accept" ]]; then
    problem='Sec-WebSocket-Accept does not answer the key'
  elif [[ ${headers[xsec-websocket-protocol]:-} != replyx.v1 ]]; then
    problem='the subprotocol is not replyx.v1'
  else
    return 0
  fi
  return 1
}

# Puts a frame into REPLY, as printf's %b takes it. $1 is the opcode, $2 the payload as hexadecimal digits.
make_frame() {
  local length=$((${#2} / 2)) mask byte i
  if ((length < 126)); then
    printf -v REPLY '\\x%02x\\x%02x' $((0x80 | $1)) $((0x80 | length))
  elif ((length < 65536)); then
    printf -v REPLY '\\x%02x\\xfe\\x%02x\\x%02x' $((0x80 | $1)) $((length >> 8)) $((length & 0xff))
  else
    printf -v REPLY '\\x%02x\\xff\\x00\\x00\\x00\\x00\\x%02x\\x%02x\\x%02x\\x%02x' $((0x80 | $1)) \
      $((length >> 24)) $((length >> 16 & 0xff)) $((length >> 8 & 0xff)) $((length & 0xff))
  fi
  mask=$(openssl rand -hex 4)
  for ((i = 0; i < 8; i += 2)); do
    REPLY+="\\x${mask:i:2}"
  done
  for ((i = 0; i < length; i++)); do
    printf -v byte '\\x%02x' $((16#${2:2*i:2} ^ 16#${mask:2*(i%4):2}))
    REPLY+=$byte
  done
}

send() { printf '%b' "$1" 1>&"$up" 2>/dev/null; }

send_frame() {
  make_frame "$1" "$2"
  send "$REPLY"
}

# Waits for a text message and leaves it in message. Otherwise sets problem, and close_code where it is a close.
receive() {
  local first length opcode payload
  message=
  close_code=
  while true; do
    read_bytes 2 || break
    first=$((16#${REPLY:0:2})) length=$((16#${REPLY:2:2}))
    if ((first & 0x70)) || ((length & 0x80)); then
      problem='a frame with a mask or reserved bits, which no server sends'
      return 1
    fi
    if ((length == 126)); then
      read_bytes 2 || break
      length=$((16#$REPLY))
    elif ((length == 127)); then
      read_bytes 8 || break
      length=$((16#$REPLY))
    fi
    if ((length < 0 || length > max_frame || ${#message} > max_frame)); then
      problem="a frame of more than $max_frame bytes"
      return 1
    fi
    read_bytes "$length" || break
    payload=$REPLY opcode=$((first & 0x0f))
    case $opcode in
      0 | 1)
        message+=$text
        ((first & 0x80)) && return 0
        ;;
      8)
        # 1005 is RFC 6455's word for a close without a code.
        close_code=1005
        ((length >= 2)) && close_code=$((16#${payload:0:4}))
        problem="closed with $close_code"
        [[ $is_closing == true ]] || send_frame 8 "${payload:0:4}"
        return 1
        ;;
      9) send_frame 10 "$payload" ;;
      10) ;;
      *)
        problem="a frame of kind $opcode"
        return 1
        ;;
    esac
  done
  problem=$(connection_error)
  return 1
}

# Without a goodbye the server counts a broken connection.
say_goodbye() {
  now_us
  ((deadline > REPLY + 1000000)) && deadline=$((REPLY + 1000000))
  is_closing=true
  send_frame 8 03e8
  while receive; do :; done
}

# $1 is why no message is sent.
check_upgrade() {
  connect
  if ! upgrade "$path/ws/widget/dialogs/1" health-check; then
    fail "$socket_failed" socket "$problem"
  else
    while receive; do :; done
    if [[ $close_code == 4002 ]]; then
      elapsed_ms
      socket_ms=$REPLY
      note ok socket "upgraded, and a wrong token closed with 4002, in $REPLY ms"
      note skipped message "not checked: $1, so only the upgrade and the path were"
    else
      fail "$socket_failed" socket "$problem, where 4002 was expected for a wrong token"
    fi
  fi
  disconnect
}

check_message() {
  local client_id sent frame kind='' sent_at judgement answers=()
  client_id=health.$(openssl rand -hex 12)
  # Some of it is not ASCII: a service that spoils encodings is found.
  sent="Health check ✓ ${client_id#health.}"

  if [[ $realtime_url != - ]]; then
    local asked="$scheme://$host:$port"
    if parse_url "${realtime_url%%\?*}"; then
      path=${path%"/ws/$mode/dialogs/$dialog"}
      if [[ $visitor_url == true ]]; then
        note ok address "visitors are sent to $scheme://$host:$port, so is the check"
      else
        [[ $asked == "$scheme://$host:$port" ]] || note warning address "visitors are sent to $scheme://$host:$port, which was not checked"
        parse_url "$url"
      fi
    fi
  fi

  connect
  if ! upgrade "$path/ws/$mode/dialogs/$dialog" "$token"; then
    fail "$socket_failed" socket "$problem"
    disconnect
    return
  fi
  while receive; do
    kind=$(jq -r '.type' <<<"$message" 2>/dev/null)
    [[ $kind == connected ]] && break
  done
  if [[ -n $close_code || $kind != connected ]]; then
    fail "$socket_failed" socket "$problem, where \"connected\" was expected"
    disconnect
    return
  fi
  elapsed_ms
  socket_ms=$REPLY
  note ok socket "open in $socket_ms ms, on node $(jq -r '.node' <<<"$message")"

  make_frame 1 "$(jq -nj --arg text "$sent" --arg id "$client_id" '{type: "message", text: $text, client_id: $id} | tojson' |
    od -An -v -tx1 | tr -d ' \n')"
  frame=$REPLY
  now_us
  sent_at=$REPLY
  send "$frame"
  # Both answers name the client_id. They are read before they are judged, which takes longer than they do.
  while ((${#answers[@]} < 2)); do
    if ! receive; then
      fail "$message_failed" message "$problem; of the message's acknowledgement and the message itself came ${#answers[@]}"
      disconnect
      return
    fi
    [[ $message == *"$client_id"* ]] || continue
    answers+=("$message")
    # Nothing follows a refusal.
    [[ $message == *'"type":"error"'* ]] && break
  done
  elapsed_ms "$sent_at"
  judgement=$(printf '%s\n' "${answers[@]}" | jq -sr --arg text "$sent" --arg id "$client_id" '
    (map(select(.client_id == $id)) | map({(.type): .}) | add) as $a
    | if $a.error then "refused: \($a.error.code)"
      elif ($a.ack and $a.message) | not then "not one acknowledgement and one message came"
      elif $a.message.text != $text then "it came back with another text"
      elif $a.message.seq != $a.ack.seq then "acknowledged as \($a.ack.seq), but heard as \($a.message.seq)"
      else "ok \($a.ack.seq)" end' 2>/dev/null)
  if [[ $judgement == 'ok '* ]]; then
    message_ms=$REPLY
    note ok message "stored as ${judgement#ok } and heard by the socket in $message_ms ms"
  else
    fail "$message_failed" message "${judgement:-the socket sent what is no JSON}"
  fi
  say_goodbye
  disconnect
}

# --- Options -----------------------------------------------------------------------------------------------------------------

url=
api=${HEALTH_API_URL:-}
min_nodes=1
max_backplane=1000
limit=10
strict=false
json=false
visitor_url=false
problem=
close_code=
is_closing=false

# Secrets are often stored with the line's end that came with them.
HEALTH_SITE_TOKEN=${HEALTH_SITE_TOKEN:-}
HEALTH_SITE_TOKEN=${HEALTH_SITE_TOKEN//[[:space:]]/}
HEALTH_GUEST_TOKEN=${HEALTH_GUEST_TOKEN:-}
HEALTH_GUEST_TOKEN=${HEALTH_GUEST_TOKEN//[[:space:]]/}
HEALTH_WIDGET=${HEALTH_WIDGET:-}

while (($#)); do
  case $1 in
    --help)
      help
      exit 0
      ;;
    --strict) strict=true ;;
    --json) json=true ;;
    --visitor-url) visitor_url=true ;;
    --api | --widget | --min-nodes | --max-backplane-ms | --timeout)
      (($# > 1)) || wrong_usage "$1 needs a value."
      case $1 in
        --api) api=$2 ;;
        --widget) HEALTH_WIDGET=$2 ;;
        --min-nodes) min_nodes=$2 ;;
        --max-backplane-ms) max_backplane=$2 ;;
        --timeout) limit=$2 ;;
      esac
      shift
      ;;
    -*) wrong_usage "There is no option $1." ;;
    *)
      [[ -z $url ]] || wrong_usage "One URL, not two."
      url=$1
      ;;
  esac
  shift
done
HEALTH_WIDGET=${HEALTH_WIDGET//[[:space:]]/}
export HEALTH_SITE_TOKEN HEALTH_GUEST_TOKEN HEALTH_WIDGET

for tool in curl jq openssl; do
  command -v "$tool" >/dev/null || wrong_usage "$tool is not installed."
done
url=${url%/}
[[ -n $url ]] || wrong_usage 'The URL is missing.'
is_http "$url" || wrong_usage 'The URL is not http(s)://host[:port][/path].'
[[ $min_nodes =~ ^[0-9]{1,6}$ ]] || wrong_usage '--min-nodes takes a whole number.'
[[ $max_backplane =~ ^[0-9]{1,6}(\.[0-9]{1,3})?$ ]] || wrong_usage '--max-backplane-ms takes a number.'
[[ $limit =~ ^0*[1-9][0-9]{0,2}$ ]] || wrong_usage '--timeout takes 1 to 999 seconds.'
parse_url "$url"
min_nodes=$((10#$min_nodes)) limit=$((10#$limit))
# jq takes no number that begins with 0.
max_backplane=$(jq -n --arg n "$max_backplane" '$n | tonumber')

mode=
[[ -n $HEALTH_WIDGET ]] && mode=widget
if [[ -n $HEALTH_SITE_TOKEN ]]; then
  [[ -z $mode ]] || wrong_usage 'Either an assistant id or a site token, not both.'
  mode=site
fi
if [[ -n $mode ]]; then
  [[ -n $api ]] || wrong_usage 'A dialog is started at the API: --api is missing.'
  api=${api%/}
  is_http "$api" || wrong_usage '--api is not http(s)://host[:port][/path].'
fi

work=$(mktemp -d) || exit "$usage"
trap 'disconnect; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

check_report || conclude
if [[ -z $mode ]]; then
  check_upgrade 'there is no credential'
elif start_dialog; then
  check_message
else
  # Whether sockets are to be had at all is still worth knowing.
  check_upgrade 'there is no dialog'
fi
conclude
