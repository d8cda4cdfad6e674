# Runs a colour as containers, by docker compose, behind an nginx that is one too. Sourced by lib/flow.sh; docs/deploy.md has what each
# function is to do.
#
# No port of a colour is published: this machine reaches its containers by the addresses that the compose files give them, over Docker's
# bridge. A port on the loopback would be one more way in, for every user of the machine, and up to Docker 28 for neighbours in its network.
# It takes a Docker Engine that runs as root on this machine, not Docker Desktop and not a rootless one.
# shellcheck shell=bash

driver_check_settings() {
  local file files
  [[ -n $COMPOSE_PROJECT ]] || COMPOSE_PROJECT=replyx
  [[ -n $COMPOSE_FILES ]] || COMPOSE_FILES=docker-compose.yml:docker-compose.blue.yml:docker-compose.green.yml
  [[ -n $COMPOSE_ENV_FILE ]] || COMPOSE_ENV_FILE=compose.env
  [[ -n $UPSTREAMS_DIR ]] || UPSTREAMS_DIR=$STATE_DIR/upstreams
  need_match COMPOSE_PROJECT '^[a-z0-9][a-z0-9_-]*$' 'is a name of small letters, digits, - and _'
  need_match UPSTREAMS_DIR '^/[^[:cntrl:]:]+$' 'is an absolute path'
  compose_options=(--progress quiet --project-name "$COMPOSE_PROJECT" --project-directory "$repository/deploy")
  file=$(compose_path "$COMPOSE_ENV_FILE")
  [[ -r $file ]] || wrong_usage "COMPOSE_ENV_FILE: $file cannot be read."
  compose_options+=(--env-file "$file")
  IFS=: read -ra files <<<"$COMPOSE_FILES"
  for file in "${files[@]}"; do
    file=$(compose_path "$file")
    [[ -r $file ]] || wrong_usage "COMPOSE_FILES: $file cannot be read."
    compose_options+=(--file "$file")
  done
  command -v docker >/dev/null || wrong_usage 'docker is not installed.'
  command -v jq >/dev/null || wrong_usage 'jq is not installed.'
  # What it warns of is no part of the answer.
  compose_json=$(compose config --format json 2>/dev/null) || {
    compose_json=$(compose config --format json 2>&1 >/dev/null)
    wrong_usage "The compose files are refused: ${compose_json##*$'\n'}"
  }
  [[ $(configured '.services["api-blue"].image') =~ -api:[^:/]+$ ]] || wrong_usage 'The image of api-blue is not one of replyx-api:TAG.'
}

compose_options=()
# What the files come to.
compose_json=
configured() { jq -r "$@" <<<"$compose_json"; }

compose_path() { if [[ $1 == /* ]]; then echo "$1"; else echo "$repository/deploy/$1"; fi; }

# The release that a colour's containers are made of, running or not.
colour_tag() {
  read_file "$STATE_DIR/run/$1.tag"
  echo "${REPLY:-none}"
}

# compose ARGS…: with a tag for both colours, since the files do without neither.
compose() {
  REPLYX_BLUE_TAG=$(colour_tag blue) REPLYX_GREEN_TAG=$(colour_tag green) REPLYX_UPSTREAMS_DIR=$UPSTREAMS_DIR \
    docker compose "${compose_options[@]}" "$@" </dev/null
}

# The services of colour $1, one a line.
# shellcheck disable=SC2016 # For jq.
services_of() { configured --arg colour "$1" '.services | keys[] | select(test("^(api-\($colour)|realtime-\($colour)-.+)$"))'; }

# Where a service listens, by its own setting: the address that it registers too.
# shellcheck disable=SC2016 # For jq.
url_of() { configured --arg name "$1" '.services[$name].environment.ASPNETCORE_URLS | rtrimstr("/")'; }

driver_api_url() { url_of "api-$1"; }

driver_realtime_urls() {
  local name names
  mapfile -t names < <(services_of "$1")
  for name in "${names[@]}"; do
    [[ $name == api-* ]] || url_of "$name"
  done
}

# image_of RELEASE PART: the image of its api, realtime or smoke.
image_of() {
  local image
  image=$(configured '.services["api-blue"].image')
  echo "${image%-api:*}-$2:$1"
}

# --- Releases ----------------------------------------------------------------------------------------------------------------

driver_name_release() { echo "$1"; }

# Whether $1 is a release; prints what is wrong with it. Images that this machine lacks are pulled.
driver_check_release() {
  local part image said
  [[ $1 =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || { echo "$1 is no tag of an image"; return 1; }
  [[ $1 != latest ]] || { echo 'latest is no release: another image may have that tag tomorrow'; return 1; }
  for part in api realtime; do
    image=$(image_of "$1" "$part")
    docker image inspect "$image" >/dev/null 2>&1 && continue
    said=$(docker pull --quiet "$image" 2>&1) || { echo "there is no image $image: ${said##*$'\n'}"; return 1; }
  done
  docker image inspect "$(image_of "$1" smoke)" >/dev/null 2>&1 || docker pull --quiet "$(image_of "$1" smoke)" >/dev/null 2>&1 || true
}

label_of() { docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$1" 2>/dev/null; }

driver_version() { label_of "$(image_of "$1" api)"; }

driver_installed_releases() {
  local image
  image=$(image_of any api)
  docker image ls --format '{{.Tag}}' "${image%:*}" | grep -v '^<none>$' | sort -u
}

driver_prepare() {
  mkdir -p "$STATE_DIR/run" "$STATE_DIR/log" "$UPSTREAMS_DIR/servers" &&
    cp -- "$repository/deploy/nginx/servers/"*.conf "$UPSTREAMS_DIR/servers/" &&
    # nginx in its container is another user; nothing in there is a secret.
    chmod 755 "$UPSTREAMS_DIR" "$UPSTREAMS_DIR/servers" && chmod 644 "$UPSTREAMS_DIR/servers/"*.conf
}

driver_check() {
  local said secret secrets tag=${release:-}
  said=$(docker info --format '{{.ServerVersion}} {{.SecurityOptions}}' 2>&1) || { echo "Docker does not answer: ${said##*$'\n'}"; return 1; }
  [[ $said != *rootless* ]] || { echo 'a rootless Docker has its networks where this machine does not reach them'; return 1; }
  said=$(docker compose version --short 2>&1) || { echo 'docker compose, version 2, is not installed'; return 1; }
  [[ ${said#v} =~ ^([2-9]|[1-9][0-9])\. ]] || { echo "docker compose is version $said; 2 is needed"; return 1; }
  mapfile -t secrets < <(configured '.secrets // {} | .[].file')
  for secret in "${secrets[@]}"; do
    # Docker would make a folder of that name.
    [[ -f $secret ]] || { echo "there is no secret $secret: deploy/secrets/create.sh makes it"; return 1; }
  done
  [[ -z $tag || $(label_of "$(image_of "$tag" api)") == "$(label_of "$(image_of "$tag" realtime)")" ]] ||
    { echo "the images of $tag are of different versions"; return 1; }
}

# --- Containers --------------------------------------------------------------------------------------------------------------

# container_of SERVICE: its id, running or not; nothing if it has none.
container_of() {
  docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=$COMPOSE_PROJECT" --filter "label=com.docker.compose.service=$1" \
    --filter label=com.docker.compose.oneoff=False | head -n 1
}

# How often Docker has started the container anew, since it was made.
restarts_of() { docker inspect --format '{{.RestartCount}}' "$1" 2>/dev/null; }

driver_start() {
  local services service id
  mapfile -t services < <(services_of "$1")
  ((${#services[@]})) || { echo "the compose files have no services of $1"; return 1; }
  write_file "$STATE_DIR/run/$1.tag" "$2" || return 1
  compose up --detach --no-recreate --quiet-pull redis 2>&1 || return 1
  # Those of the same release that run are left alone, others are made anew: one that is only started again has the secrets' folder that it
  # was made with. Nothing else is touched.
  compose rm --force "${services[@]}" 2>&1 || return 1
  compose up --detach --no-deps --no-build --quiet-pull "${services[@]}" 2>&1 || return 1
  # Restarts from now on count.
  for service in "${services[@]}" $(services_of "$(other_colour "$1")"); do
    id=$(container_of "$service")
    [[ -z $id ]] || write_file "$STATE_DIR/run/$service.restarts" "$id $(restarts_of "$id")"
  done
}

driver_stop() {
  local services
  driver_is_running "$1" || return 0
  mapfile -t services < <(services_of "$1")
  # Stopped, not removed: what they said is still to be read.
  compose stop --timeout "$STOP_TIMEOUT" "${services[@]}" 2>&1
}

driver_is_running() {
  local service services id
  mapfile -t services < <(services_of "$1")
  for service in "${services[@]}"; do
    id=$(container_of "$service")
    [[ -n $id && $(docker inspect --format '{{.State.Status}}' "$id" 2>/dev/null) =~ ^(running|restarting|paused)$ ]] && return 0
  done
  return 1
}

# driver_alive COLOUR [RELEASE]: whether every container of the colour runs, of that release, and has run through since the deploy began;
# prints which has not, and its last words.
driver_alive() {
  local service services id state code killed restarts image
  mapfile -t services < <(services_of "$1")
  for service in "${services[@]}"; do
    id=$(container_of "$service")
    [[ -n $id ]] || { echo "$service has no container"; return 1; }
    IFS='|' read -r state code killed restarts image < <(docker inspect --format \
      '{{.State.Status}}|{{.State.ExitCode}}|{{.State.OOMKilled}}|{{.RestartCount}}|{{.Config.Image}}' "$id" 2>/dev/null)
    [[ -z ${2:-} || $image == *":$2" ]] || { echo "$service runs from $image"; return 1; }
    read_file "$STATE_DIR/run/$service.restarts"
    if [[ $state == running ]] && { [[ ${REPLY% *} != "$id" ]] || ((restarts <= ${REPLY#* })); }; then
      continue
    fi
    if [[ $killed == true ]]; then
      echo "$service was ended for want of memory"
    elif [[ $code == 137 && $state != running ]]; then
      echo "$service was killed"
    else
      # Docker may have started it again, which does not make it well.
      echo "$service has ended: $(last_words "$id")"
    fi
    return 1
  done
}

last_words() {
  local words
  words=$(docker logs --tail 40 "$1" 2>&1 | grep -v '^[[:space:]]*$')
  words=$(grep -m 1 -E 'Not started:|Unhandled exception|address already in use|You must install' <<<"$words" || tail -n 1 <<<"$words")
  echo "${words:-it said nothing}"
}

driver_logs() {
  local service services id
  mapfile -t services < <(services_of "$1")
  for service in "${services[@]}"; do
    id=$(container_of "$service")
    [[ -z $id ]] || docker logs --tail "$2" "$id" 2>&1 | sed "s/^/$service: /"
  done
}

# --- nginx -------------------------------------------------------------------------------------------------------------------

driver_switch_file() { echo "$UPSTREAMS_DIR/$1.conf"; }

# Only ever of the colour that visitors do not get.
driver_write_upstream() {
  local url urls servers='' text file
  mapfile -t urls < <(driver_realtime_urls "$1")
  for url in "${urls[@]}"; do
    servers+="    server ${url#http://} max_fails=0;"$'\n'
  done
  [[ -n $servers ]] || { echo "the compose files have no nodes of $1"; return 1; }
  url=$(driver_api_url "$1")
  text=$(<"$repository/deploy/nginx/upstreams/compose/colour.conf.template") || return 1
  text=${text//"\${COLOUR}"/$1}
  text=${text//"\${API_SERVER}"/${url#http://}}
  text=${text//"\${REALTIME_SERVERS}"/${servers%$'\n'}}
  file=$(driver_switch_file "$1")
  write_file "$file" "$text" && chmod 644 "$file"
}

driver_nginx_running() {
  local id
  id=$(container_of nginx)
  [[ -n $id && $(docker inspect --format '{{.State.Status}}' "$id" 2>/dev/null) == running ]]
}

driver_nginx_test() {
  if driver_nginx_running; then
    docker exec "$(container_of nginx)" nginx -q -t </dev/null 2>&1
  else
    # The first time there is none to ask.
    compose run --rm --no-deps -T nginx nginx -q -t 2>&1
  fi
}

driver_nginx_start() { compose up --detach --no-deps --quiet-pull nginx 2>&1; }

# Returns when the workers from before take no new connection: nginx itself returns as soon as it has sent the signal, and a worker that
# was not reached yet would send a visitor to the colour that is about to be drained.
driver_nginx_reload() {
  # shellcheck disable=SC2016 # For the container's shell.
  docker exec "$(container_of nginx)" sh -c '
    workers() {
      for file in /proc/[0-9]*/cmdline; do
        case $(tr "\0" " " <"$file" 2>/dev/null) in
          *"worker process is shutting down"*) ;;
          *"nginx: worker process"*) file=${file#/proc/}; printf " %s " "${file%/cmdline}" ;;
        esac
      done
    }
    before=$(workers)
    nginx -s reload || exit 1
    i=$(($1 * 20))
    while [ "$i" -gt 0 ]; do
      now=$(workers) old=
      for worker in $now; do
        case $before in *" $worker "*) old=$worker ;; esac
      done
      [ -n "$now" ] && [ -z "$old" ] && exit 0
      sleep 0.05
      i=$((i - 1))
    done
    echo "nginx still has workers from before its reload after $1 s; its log says why"
    exit 1' reload "$NGINX_TIMEOUT" </dev/null 2>&1
}

# --- The real-message check --------------------------------------------------------------------------------------------------

driver_has_smoke() { docker image inspect "$(image_of "$1" smoke)" >/dev/null 2>&1; }

# driver_smoke RELEASE ARGS…: in this machine's network, so that it finds front door and containers the way this script does.
driver_smoke() {
  local image key
  local -a options=(--rm --network host --read-only --cap-drop ALL --security-opt no-new-privileges --pids-limit 256 --memory 512m
    --log-driver none)
  image=$(image_of "$1" smoke)
  shift
  # By name: values in arguments are for all to see.
  for key in SMOKE_SITE_TOKEN SMOKE_ASSISTANT_ID SMOKE_GUEST_TOKEN SMOKE_PLATFORM_TOKEN; do
    [[ -z ${!key:-} ]] || options+=(--env "$key")
  done
  [[ -z ${SSL_CERT_FILE:-} ]] || options+=(--volume "$SSL_CERT_FILE:/ca.pem:ro" --env SSL_CERT_FILE=/ca.pem)
  docker run "${options[@]}" "$image" "$@" </dev/null
}
