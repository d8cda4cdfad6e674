# What the services of a colour say of themselves, and how its nodes are drained. Sourced, never run.
# shellcheck shell=bash

# colour_nodes API COLOUR: the colour's live nodes, one a line: id, ready, sockets, version. They are told by their addresses: both colours
# are in one Redis, and any Api lists the nodes of both.
colour_nodes() {
  local addresses
  addresses=$(driver_realtime_urls "$2" | jq -R . | jq -cs .)
  ask GET "$1/internal/nodes"
  [[ $status == 200 ]] || { why="$1/internal/nodes answers $status"; return 1; }
  nodes=$(jq -r --argjson addresses "$addresses" '
    .[] | select(.address | rtrimstr("/") as $a | $addresses | index($a) != null)
    | [.id, .ready, .admin_connections + .site_connections, .version // "-"] | @tsv' <<<"$answer" 2>/dev/null) ||
    { why="$1/internal/nodes answers no list of nodes"; return 1; }
}

# is_ready COLOUR VERSION: for poll. Without a version any will do: a release's folder may be gone while it runs.
is_ready() {
  local url urls api wanted found
  api=$(driver_api_url "$1")
  why=$(driver_alive "$1") || return 2
  ask GET "$api/health/ready"
  [[ $status == 200 ]] || { why="the Api at $api answers $status$(failing_checks)"; return 1; }
  found=$(jq -r '.version // "-"' <<<"$answer" 2>/dev/null)
  # A release from before versions were told says none.
  [[ -z $2 || $found == - || $found == "$2" ]] || { why="the Api at $api runs ${found:-?}, not $2"; return 1; }
  wanted=0
  mapfile -t urls < <(driver_realtime_urls "$1")
  for url in "${urls[@]}"; do
    ((++wanted))
    ask GET "$url/health/ready"
    [[ $status == 200 ]] || { why="the node at $url answers $status$(failing_checks)"; return 1; }
  done
  colour_nodes "$api" "$1" || return 1
  found=$(awk -F '\t' -v version="$2" '$2 == "true" && (version == "" || $4 == version || $4 == "-")' <<<"$nodes" | wc -l)
  ((found == wanted)) || { why="$found of $wanted nodes of version $2 are registered and ready"; return 1; }
  ready_count=$wanted
}

# Names of the checks that fail, of an answer of /health/ready.
failing_checks() {
  jq -r '[.checks // {} | to_entries[] | select(.value != "healthy") | .key] | if . == [] then "" else ", not healthy: " + join(", ") end' \
    <<<"$answer" 2>/dev/null
}

# is_drained API COLOUR ID: for poll.
is_drained() {
  local line
  colour_nodes "$1" "$2" || return 1
  line=$(awk -F '\t' -v id="$3" '$1 == id { print $2, $3 }' <<<"$nodes")
  # One that is gone has no sockets.
  [[ -z $line || $line == 'false 0' ]] && return 0
  why="$3 has ${line#* } sockets"
  return 1
}

# drain_colour API COLOUR: one node after the other; each closes its sockets in batches of its own. Whatever a node does not obey, the
# others are drained: what is left is closed when it is stopped. Sets drained to what to say.
drain_colour() {
  local id sockets all=0 count=0 trouble=0
  drained="$2 does not answer, nothing to drain"
  colour_nodes "$1" "$2" || { warn "$2 is not drained: $why"; return 0; }
  while IFS=$'\t' read -r id _ sockets _; do
    [[ -n $id ]] || continue
    ask POST "$1/internal/nodes/$id/drain"
    case $status in
      202) ;;
      404) continue ;;
      *)
        warn "$2's node $id is not drained: the Api answers $status"
        ((++trouble))
        continue
        ;;
    esac
    sockets=$(jq -r '.sockets // 0' <<<"$answer" 2>/dev/null)
    if ! poll "$DRAIN_TIMEOUT" is_drained "$1" "$2" "$id"; then
      warn "$2's node $id: $why"
      ((++trouble))
    fi
    all=$((all + sockets)) count=$((count + 1))
  done <<<"$nodes"
  drained="$2 is drained: $count nodes, $all sockets moved"
  ((trouble == 0)) || drained+=", $trouble nodes did not obey"
}

# The same in a process of its own that no Ctrl-C cuts; prints what to say.
drain_whole() (
  ignore_interruptions
  drain_colour "$@"
  echo "$drained"
)

# undrain_colour COLOUR: asks its own Api. For poll.
undrain_colour() {
  local id ready api
  api=$(driver_api_url "$1")
  colour_nodes "$api" "$1" || return 1
  while IFS=$'\t' read -r id ready _ _; do
    [[ -n $id && $ready == false ]] || continue
    ask POST "$api/internal/nodes/$id/undrain"
    case $status in
      200 | 404) ;;
      # It was told to end.
      409) why="$id is stopping"; return 2 ;;
      *) why="$id is not put back: the Api answers $status"; return 1 ;;
    esac
  done <<<"$nodes"
}
