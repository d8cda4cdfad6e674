# Runs a colour as plain processes of this machine, behind an nginx of this machine. Sourced by lib/flow.sh; docs/deploy.md has what each
# function is to do.
# shellcheck shell=bash

driver_check_settings() {
  local key port ports=()
  [[ -n $UPSTREAMS_DIR ]] || UPSTREAMS_DIR=$STATE_DIR/upstreams
  [[ -n $NGINX_CONF ]] || NGINX_CONF=$STATE_DIR/nginx.conf
  [[ -n $NGINX_PREFIX ]] || NGINX_PREFIX=$STATE_DIR/nginx
  for key in UPSTREAMS_DIR NGINX_CONF NGINX_PREFIX ENV_FILE; do
    need_match "$key" '^/[^[:cntrl:]]+$' 'is an absolute path'
  done
  [[ -r $ENV_FILE ]] || wrong_usage "ENV_FILE: $ENV_FILE cannot be read."
  check_private "$ENV_FILE"
  for key in BLUE_API_PORT GREEN_API_PORT BLUE_REALTIME_PORT GREEN_REALTIME_PORT; do
    need_match "$key" '^[1-9][0-9]{0,4}$' 'is a port'
    ports+=("${!key}")
    [[ $key == *_REALTIME_PORT ]] && for ((port = ${!key} + 1; port < ${!key} + REALTIME_NODES; port++)); do ports+=("$port"); done
  done
  port=$(printf '%s\n' "${ports[@]}" | sort | uniq -d | head -n 1)
  [[ -z $port ]] || wrong_usage "Two processes would have the port $port: see *_PORT and REALTIME_NODES."
  command -v setsid >/dev/null || wrong_usage 'setsid is not installed.'
  command -v "$NGINX_BIN" >/dev/null || wrong_usage "NGINX_BIN: there is no $NGINX_BIN."
  read_service_environment
}

# The services' environment, from a file that is read and never run.
# The driver is sourced by a function. Not exported, whatever the environment has by that name.
declare -gA +x service_environment=()
read_service_environment() {
  local line key value number=0
  while IFS= read -r line || [[ -n $line ]]; do
    ((++number))
    line=${line%$'\r'}
    [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
    # The value is not shown: it may be a secret.
    [[ $line =~ ^([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || wrong_usage "$ENV_FILE, line $number: not KEY=value."
    [[ ${BASH_REMATCH[1]} != ASPNETCORE_URLS && ${BASH_REMATCH[1]} != *_PORTS ]] ||
      wrong_usage "$ENV_FILE, line $number: ${BASH_REMATCH[1]} is the deploy's to set."
    key=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]] && value=${BASH_REMATCH[1]}
    service_environment[$key]=$value
  done <"$ENV_FILE"
  : "${service_environment[ASPNETCORE_ENVIRONMENT]:=Production}"
  : "${service_environment[Proxies__Trusted__0]:=127.0.0.1/32}"
  : "${service_environment[Origins__ChatHosts__0]:=$PUBLIC_URL}"
  : "${service_environment[Realtime__PublicUrl]:=$PUBLIC_URL}"
  : "${service_environment[Sites__PublicUrl]:=$PUBLIC_URL}"
}

# Whether $1 is a release; prints what is wrong with it.
driver_check_release() {
  local part
  [[ $1 == /* && -d $1 ]] || { echo "there is no folder $1"; return 1; }
  [[ $1 != *[[:cntrl:]]* ]] || { echo "the name of $1 has control characters"; return 1; }
  [[ -r $1/VERSION ]] || { echo "$1 has no VERSION: is it made by publish-release.sh?"; return 1; }
  for part in api/ReplyX.Api realtime/ReplyX.Realtime; do
    [[ -f $1/$part.dll || -x $1/$part ]] || { echo "$1 has no $part"; return 1; }
  done
  [[ -x $1/api/ReplyX.Api ]] || command -v dotnet >/dev/null || { echo 'dotnet is not installed'; return 1; }
}

# The same folder by one name, whatever way it was called.
driver_name_release() { readlink -m -- "$1"; }

driver_version() { sed -n 's/^version=//p' "$1/VERSION" 2>/dev/null | head -n 1; }

driver_prepare() {
  mkdir -p "$STATE_DIR/run" "$STATE_DIR/log" "$UPSTREAMS_DIR" "$NGINX_PREFIX" || return 1
  # Workers of an nginx that root started are another user, and keep large bodies there.
  ((EUID != 0)) || chmod o+x "$STATE_DIR" "$NGINX_PREFIX"
}

driver_check() {
  [[ -r $NGINX_CONF ]] || { echo "NGINX_CONF: there is no $NGINX_CONF; render-nginx.sh writes it"; return 1; }
}

# --- Processes ---------------------------------------------------------------------------------------------------------------

# Names of a colour's processes and their ports, one a line.
processes_of() {
  local prefix=${1^^} port i
  port=${prefix}_API_PORT
  echo "api ${!port}"
  port=${prefix}_REALTIME_PORT
  for ((i = 0; i < REALTIME_NODES; i++)); do
    echo "realtime-$((i + 1)) $((${!port} + i))"
  done
}

# Those whose pid files are there, also when REALTIME_NODES has become smaller.
known_processes_of() {
  local file
  for file in "$STATE_DIR/run/$1-"*.pid; do
    [[ -e $file ]] || continue
    file=${file##*/"$1-"}
    echo "${file%.pid}"
  done
}

# When a process started, since its number alone may be another's by now; empty if it is gone. A zombie is gone.
started_at() {
  local stat
  REPLY=
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  # The name, in parentheses, may have spaces in it.
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[0]} == [ZX] ]] && return 1
  REPLY=${stat[19]}
}

boot_id=$(</proc/sys/kernel/random/boot_id)

# Sets pid and process_release if the process of colour $1 named $2 runs.
is_process_alive() {
  local started boot
  pid='' process_release=''
  [[ -r $STATE_DIR/run/$1-$2.pid ]] || return 1
  read -r pid started boot process_release <"$STATE_DIR/run/$1-$2.pid" || return 1
  [[ $boot == "$boot_id" ]] && started_at "$pid" && [[ $REPLY == "$started" ]]
}

# The socket that listens on port $1; nothing if none does.
port_inode() {
  local hex
  printf -v hex '%04X' "$1"
  awk -v port="$hex" 'FNR > 1 && $4 == "0A" && $2 ~ (":" port "$") { print $10; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# The processes that have it, one a line.
port_pids() {
  local inode
  inode=$(port_inode "$1")
  [[ -z $inode ]] || find /proc/[0-9]*/fd -lname "socket:\\[$inode\\]" 2>/dev/null | cut -d / -f 3 | sort -u
}

# Who listens on port $1; prints nothing if nobody does.
port_holder() {
  local inode pid
  inode=$(port_inode "$1")
  [[ -n $inode ]] || return 0
  pid=$(port_pids "$1" | head -n 1)
  if [[ -n $pid ]]; then
    read_file "/proc/$pid/comm"
    echo "$REPLY, process $pid"
  else
    echo "another user's process"
  fi
}

# start_process COLOUR NAME PORT RELEASE
start_process() {
  local colour=$1 name=$2 port=$3 release=$4 holder program part i
  if is_process_alive "$colour" "$name"; then
    [[ $process_release == "$release" ]] && return 0
    stop_processes "$colour" "$name" || return 1
  fi
  holder=$(port_holder "$port")
  [[ -z $holder ]] || { echo "port $port, which $colour's $name is to have, belongs to $holder"; return 1; }

  part=${name%%-*}
  if [[ $part == api ]]; then program=ReplyX.Api; else program=ReplyX.Realtime; fi
  (
    # What it says of itself is written by the process itself, before it becomes the service: nothing is started that nobody knows of.
    # Until it has a session of its own, a Ctrl-C on the deploy would be its, too.
    trap '' INT TERM HUP PIPE
    cd "$release/$part" || exit 1
    # By position: the service's variables may have the names of ours.
    set -- "$program" "http://127.0.0.1:$port"
    started_at "$BASHPID"
    printf '%s %s %s %s\n' "$BASHPID" "$REPLY" "$boot_id" "$release" >"$STATE_DIR/run/$colour-$name.pid.new" &&
      mv -f "$STATE_DIR/run/$colour-$name.pid.new" "$STATE_DIR/run/$colour-$name.pid" || exit 1
    # Until now the lock was its, too: who comes after a script that is killed here waits, and finds it.
    let_go_of_lock
    # Of our own environment only what programs need anywhere: no secret of the deploy's gets there.
    for __key in $(compgen -e); do
      case $__key in
        PATH | HOME | USER | LANG | LC_* | TZ | TMPDIR | DOTNET_* | SSL_CERT_*) ;;
        *) unset "$__key" 2>/dev/null ;;
      esac
    done
    for __key in "${!service_environment[@]}"; do
      export "$__key=${service_environment[$__key]}"
    done
    export ASPNETCORE_URLS="$2"
    # A group and session of its own: Ctrl-C on the deploy, or the end of its terminal, is not meant for it.
    if [[ -x ./$1 ]]; then
      exec setsid env --default-signal=INT,TERM,HUP,PIPE "./$1"
    else
      exec setsid env --default-signal=INT,TERM,HUP,PIPE dotnet "$1.dll"
    fi
  ) </dev/null >>"$STATE_DIR/log/$colour-$name.log" 2>&1 &
  # Not a job of ours: the shell would tell of its end.
  disown
  # The pid file is there before anybody asks for it.
  for ((i = 0; i < 500; i++)); do
    is_process_alive "$colour" "$name" && return 0
    kill -0 "$!" 2>/dev/null || break
    pause 0.01
  done
  return 0
}

driver_start() {
  local name port processes
  mapfile -t processes < <(processes_of "$1")
  for name in "${processes[@]}"; do
    read -r name port <<<"$name"
    # A new start has a new log; the one before is kept.
    is_process_alive "$1" "$name" && [[ $process_release == "$2" ]] && continue
    [[ ! -s $STATE_DIR/log/$1-$name.log ]] || mv -f "$STATE_DIR/log/$1-$name.log" "$STATE_DIR/log/$1-$name.log.1"
    start_process "$1" "$name" "$port" "$2" || return 1
  done
}

# stop_processes COLOUR NAME…: SIGTERM, on which a node hands its sockets over; SIGKILL after STOP_TIMEOUT.
stop_processes() {
  local colour=$1 name deadline left=''
  shift
  local -A running=()
  for name; do
    if is_process_alive "$colour" "$name"; then
      running[$name]=$pid
      kill -TERM "$pid" 2>/dev/null
    else
      rm -f "$STATE_DIR/run/$colour-$name.pid"
    fi
  done
  now_ms
  deadline=$((REPLY + STOP_TIMEOUT * 1000))
  while ((${#running[@]})); do
    for name in "${!running[@]}"; do
      if ! is_process_alive "$colour" "$name"; then
        rm -f "$STATE_DIR/run/$colour-$name.pid"
        unset "running[$name]"
      fi
    done
    ((${#running[@]})) || break
    now_ms
    if ((REPLY >= deadline)); then
      if [[ -z $left ]]; then
        left=killed
        for name in "${!running[@]}"; do
          warn "$colour's $name did not end within $STOP_TIMEOUT s and is killed"
          kill -KILL -- "-${running[$name]}" 2>/dev/null || kill -KILL "${running[$name]}" 2>/dev/null
        done
        deadline=$((REPLY + 5000))
      else
        echo "$colour's ${!running[*]} cannot be killed"
        return 1
      fi
    fi
    pause 0.1
  done
}

driver_stop() {
  local names
  mapfile -t names < <(known_processes_of "$1")
  ((${#names[@]})) || return 0
  stop_processes "$1" "${names[@]}"
}

driver_is_running() {
  local name names
  mapfile -t names < <(known_processes_of "$1")
  for name in "${names[@]}"; do
    is_process_alive "$1" "$name" && return 0
  done
  return 1
}

# driver_alive COLOUR [RELEASE]: whether every process of the colour runs, and of that release; prints which does not, and its last words.
driver_alive() {
  local name names
  mapfile -t names < <(processes_of "$1")
  for name in "${names[@]%% *}"; do
    if is_process_alive "$1" "$name"; then
      [[ -z ${2:-} || $process_release == "$2" ]] && continue
      echo "$1's $name runs from $process_release"
    else
      echo "$1's $name has ended: $(last_words "$1" "$name")"
    fi
    return 1
  done
}

# How a process ended is known to its parent alone, which this script need not be: its log has to tell.
last_words() {
  local lines words
  lines=$(tail -n 40 "$STATE_DIR/log/$1-$2.log" 2>/dev/null | grep -v '^[[:space:]]*$')
  if ! words=$(grep -m 1 -E 'Not started:|Unhandled exception|address already in use|You must install' <<<"$lines"); then
    words=${lines##*$'\n'}
    grep -q 'Application is shutting down' <<<"$lines" || words="without a word of its end, as one that is killed${words:+; the last line of its log: $words}"
  fi
  read -r words <<<"$words"
  echo "$words"
}

driver_logs() {
  local name
  while read -r name; do
    tail -n "$2" "$STATE_DIR/log/$1-$name.log" 2>/dev/null | sed "s/^/$1 $name: /"
  done < <(known_processes_of "$1")
}

driver_api_url() {
  local port=${1^^}_API_PORT
  echo "http://127.0.0.1:${!port}"
}

driver_realtime_urls() {
  local name port
  while read -r name port; do
    [[ $name == api ]] || echo "http://127.0.0.1:$port"
  done < <(processes_of "$1")
}

driver_installed_releases() {
  local colour
  for colour in blue green; do
    read_file "$STATE_DIR/$colour.release"
    [[ -z $REPLY ]] || echo "$REPLY"
  done | sort -u
}

# --- nginx -------------------------------------------------------------------------------------------------------------------

driver_switch_file() { echo "$UPSTREAMS_DIR/$1.conf"; }

# Only ever of the colour that visitors do not get.
driver_write_upstream() {
  local name port servers='' text
  while read -r name port; do
    [[ $name == api ]] && continue
    servers+="    server 127.0.0.1:$port max_fails=0;"$'\n'
  done < <(processes_of "$1")
  text=$(<"$repository/deploy/nginx/upstreams/processes/colour.conf.template") || return 1
  port=${1^^}_API_PORT
  text=${text//"\${COLOUR}"/$1}
  text=${text//"\${API_PORT}"/${!port}}
  text=${text//"\${REALTIME_SERVERS}"/${servers%$'\n'}}
  write_file "$(driver_switch_file "$1")" "$text"
}

run_nginx() { "$NGINX_BIN" -p "$NGINX_PREFIX/" -c "$NGINX_CONF" "$@"; }

driver_nginx_test() { run_nginx -q -t 2>&1; }

# Sets master to the pid of nginx, if it runs.
nginx_master() {
  local file
  master=
  file=$(run_nginx -T 2>/dev/null | sed -nE 's/^[[:space:]]*pid[[:space:]]+([^;]+);.*/\1/p' | head -n 1)
  # Where the configuration cannot be read just now, where it was before. Written only if it is another, since --keep asks all the time.
  read_file "$STATE_DIR/nginx.pid-file"
  if [[ -n $file && $file != "$REPLY" ]]; then write_file "$STATE_DIR/nginx.pid-file" "$file"; fi
  : "${file:=$REPLY}"
  [[ -n $file ]] || return 1
  [[ $file == /* ]] || file=$NGINX_PREFIX/$file
  read_file "$file"
  [[ $REPLY =~ ^[0-9]+$ ]] && master=$REPLY && started_at "$master" && [[ $(tr '\0' ' ' 2>/dev/null <"/proc/$master/cmdline") == *nginx* ]]
}

driver_nginx_running() { nginx_master; }

driver_nginx_start() {
  stop_orphans
  without_lock run_nginx 2>&1
}

# Workers of a master that was killed serve on, hold its ports, and are reached by no signal of nginx. They keep the sockets that they carry.
stop_orphans() {
  local pid orphans='' i
  for pid in $(port_pids "${NGINX_HTTPS_LISTEN##*:}"); do
    is_orphan "$pid" && kill -QUIT "$pid" 2>/dev/null && orphans+=" $pid"
  done
  # Until they have let go of the port.
  for ((i = 0; i < NGINX_TIMEOUT * 20 && ${#orphans}; i++)); do
    [[ -n $(port_pids "${NGINX_HTTPS_LISTEN##*:}") ]] || break
    pause 0.05
  done
}

# Whether $1 is a worker of nginx whose master is gone.
is_orphan() {
  local stat
  [[ $(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") == 'nginx: worker process'* ]] || return 1
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  read -ra stat <<<"${stat##*) }"
  [[ $(tr '\0' ' ' 2>/dev/null <"/proc/${stat[1]}/cmdline") != 'nginx: master process'* ]]
}

# Pids of the workers that take connections.
nginx_workers() {
  local child
  for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null || pgrep -P "$1"); do
    case $(tr '\0' ' ' 2>/dev/null <"/proc/$child/cmdline") in
      *'worker process is shutting down'*) ;;
      *'worker process'*) echo "$child" ;;
    esac
  done
}

# Returns when the workers from before take no new connection: nginx itself returns as soon as it has sent the signal, and a worker that
# was not reached yet would send a visitor to the colour that is about to be drained.
driver_nginx_reload() {
  local before now worker deadline
  nginx_master || { echo 'nginx does not run'; return 1; }
  before=" $(nginx_workers "$master" | tr '\n' ' ')"
  without_lock run_nginx -s reload 2>&1 || return 1
  now_ms
  deadline=$((REPLY + NGINX_TIMEOUT * 1000))
  while true; do
    now=$(nginx_workers "$master") worker=
    for worker in $now; do
      [[ $before == *" $worker "* ]] && break
      worker=
    done
    [[ -n $now && -z $worker ]] && return 0
    now_ms
    ((REPLY < deadline)) || break
    pause 0.05
  done
  echo "nginx still has workers from before its reload after $NGINX_TIMEOUT s; its error log says why"
  return 1
}

# --- The real-message check --------------------------------------------------------------------------------------------------

driver_has_smoke() { [[ -x $1/smoke/ReplyX.Smoke || -f $1/smoke/ReplyX.Smoke.dll ]]; }

# driver_smoke RELEASE ARGS…
driver_smoke() {
  local program=$1/smoke/ReplyX.Smoke
  shift
  if [[ -x $program ]]; then
    "$program" "$@"
  else
    dotnet "$program.dll" "$@"
  fi
}
