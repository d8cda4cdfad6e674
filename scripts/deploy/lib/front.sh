# The front door: which colour visitors get, and whether they do. Sourced, never run.
# shellcheck shell=bash

active_link() { echo "$UPSTREAMS_DIR/active.conf"; }

# The colour whose file nginx is told to read; nothing if none.
active_colour() {
  local target
  target=$(readlink "$(active_link)" 2>/dev/null) || return 0
  target=${target##*/}
  case $target in blue.conf | green.conf) echo "${target%.conf}" ;; esac
}

point_to() {
  local file
  file=$(driver_switch_file "$1")
  ln -sfn -- "${file##*/}" "$(active_link).new" && mv -fT -- "$(active_link).new" "$(active_link)"
}

# switch_front COLOUR: returns 1 with why if the configuration was refused, and then all is as it was; 2 if nginx did not take it.
switch_front() {
  local before
  before=$(active_colour)
  point_to "$1" || { why="$(active_link) cannot be replaced"; return 1; }
  if ! why=$(driver_nginx_test); then
    why="nginx refuses its configuration: $why"
    if [[ -n $before ]]; then point_to "$before"; else rm -f -- "$(active_link)"; fi
    return 1
  fi
  if ! driver_nginx_running; then
    why=$(driver_nginx_start) || { why="nginx does not start: $why"; return 2; }
  else
    why=$(driver_nginx_reload) || return 2
  fi
}

# leads_to COLOUR [VERSION]: whether HTTP and sockets come to this colour through the front door, three times one after the other; the
# first connection may have come to a worker that is about to go. For poll.
leads_to() {
  local node i version ids
  # No use in waiting for one that is gone.
  why=$(driver_alive "$1") || return 2
  colour_nodes "$(driver_api_url "$1")" "$1" || return 1
  ids=" $(cut -f 1 <<<"$nodes" | tr '\n' ' ')"
  front_nodes=
  for ((i = 0; i < 3; i++)); do
    ask GET "$PUBLIC_URL/health/websocket"
    node=$(jq -r '.node // ""' <<<"$answer" 2>/dev/null)
    [[ -n $node ]] || { why="/health/websocket answers $status through the front door, and no node says that it is its answer"; return 1; }
    [[ $ids == *" $node "* ]] || { why="sockets come to $node, which is not $1's"; return 1; }
    [[ $status == 200 ]] || { why="/health/websocket answers $status through the front door: $(jq -r '.reasons // [] | join(" ")' <<<"$answer" 2>/dev/null)"; return 1; }
    [[ " $front_nodes " == *" $node "* ]] || front_nodes+=${front_nodes:+ }$node
    ask GET "$PUBLIC_URL/health/api"
    [[ $status == 200 ]] || { why="/health/api answers $status through the front door"; return 1; }
    version=$(jq -r '.version // ""' <<<"$answer" 2>/dev/null)
    [[ -z ${2:-} || $version == "$2" ]] || { why="HTTP is answered by version ${version:-?}, not $2"; return 1; }
  done
}

# Whether visitors are served now, whoever serves them.
front_is_healthy() {
  local state
  ask GET "$PUBLIC_URL/health/websocket" open
  state=$(jq -r '.status // ""' <<<"$answer" 2>/dev/null)
  [[ $status == 200 && ($state == healthy || $state == degraded) ]] && return 0
  why="/health/websocket answers $status through the front door${state:+, $state}"
  [[ $status == 000 ]] && why='the front door does not answer'
  return 1
}
