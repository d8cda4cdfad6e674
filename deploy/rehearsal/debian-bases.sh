#!/usr/bin/env bash
# Images to stand in for those that rehearse-containers.sh would pull, made from Debian's packages and the .NET of this machine: for a
# machine that reaches no registry of images. For rehearsals only.
#
#   debian-bases.sh DIR
#
# Prints KEY=value lines for rehearse-containers.sh --images. DIR keeps the root file system between runs. A registry is left running on
# 127.0.0.1:5055, since the .NET SDK takes bases from registries alone; its process is in DIR/registry.pid.
# Needs root, Docker, debootstrap, docker-registry, and .NET in /usr/share/dotnet or DOTNET_ROOT.
#
# Exit codes: 0 done; 1 one could not be made; 64 wrong options, or a tool is missing.

set -uo pipefail
export LC_ALL=C

[[ $# == 1 && $1 != -* ]] || { echo 'One folder. See the beginning of this script.' >&2; exit 64; }
mkdir -p -- "$1" || exit 64
directory=$(cd "$1" && pwd)
registry=127.0.0.1:5055 root=$directory/debian
for tool in docker debootstrap docker-registry curl tar; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed." >&2; exit 64; }
done
dotnet=${DOTNET_ROOT:-/usr/share/dotnet}
[[ -x $dotnet/dotnet && -d $dotnet/shared ]] || { echo "There is no .NET in $dotnet." >&2; exit 64; }
exec 3>&1 1>&2

if [[ ! -e $root/.done ]]; then
  rm -rf -- "$root"
  debootstrap --variant=minbase \
    --include=ca-certificates,libssl3,redis-server,nginx-light,gettext-base,prometheus,prometheus-alertmanager,wget,curl \
    bookworm "$root" >"$directory/debootstrap.log" || { tail -n 5 "$directory/debootstrap.log"; exit 1; }
  touch "$root/.done"
fi

# For the services: like a chiselled image, without a shell.
chiselled=$directory/chiselled libraries=lib/x86_64-linux-gnu
rm -rf -- "$chiselled"
mkdir -p "$chiselled"/{tmp,lib64,"$libraries",etc/ssl/certs,usr/bin,usr/share/dotnet,home/app}
chmod 1777 "$chiselled/tmp"
cp -a "$dotnet"/{dotnet,host,shared} "$chiselled/usr/share/dotnet/" || exit 1
ln -s ../share/dotnet/dotnet "$chiselled/usr/bin/dotnet"
cp -L "$root/lib64/ld-linux-x86-64.so.2" "$chiselled/lib64/" || exit 1
for library in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libstdc++.so.6 libgcc_s.so.1 libz.so.1 libssl.so.3 libcrypto.so.3 \
  libnss_files.so.2 libnss_dns.so.2 libresolv.so.2; do
  cp -L "$root/$libraries/$library" "$chiselled/$libraries/" || cp -L "$root/usr/$libraries/$library" "$chiselled/$libraries/" || exit 1
done
cp "$root/etc/ssl/certs/ca-certificates.crt" "$chiselled/etc/ssl/certs/"
printf 'root:x:0:0:root:/root:/nologin\napp:x:1654:1654::/home/app:/nologin\n' >"$chiselled/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' >"$chiselled/etc/group"
printf 'hosts: files dns\n' >"$chiselled/etc/nsswitch.conf"
tar -C "$chiselled" -c . | docker import -c 'ENV PATH=/usr/bin ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true' - \
  "$registry/aspnet:10.0" || exit 1

tar -C "$root" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists -c . | docker import - replyx-rehearsal/debian:12 || exit 1
build() { # build NAME:TAG <Dockerfile
  docker build --quiet --tag "replyx-rehearsal/$1" - || exit 1
}
build redis:7.0 <<'END'
FROM replyx-rehearsal/debian:12
RUN usermod -o -u 999 redis && mkdir -p /data && chown redis /data
WORKDIR /data
END
# With what the entry point of the official image does with templates.
build nginx:1.22 <<'END'
FROM replyx-rehearsal/debian:12
RUN rm -rf /etc/nginx/modules-enabled && usermod -o -u 101 www-data && printf '%s\n' '#!/bin/sh' 'set -e' \
  'names=$(awk "BEGIN { for (name in ENVIRON) if (name ~ /^REPLYX_/) print \"\${\" name \"}\" }")' \
  'for file in "$NGINX_ENVSUBST_TEMPLATE_DIR"/*.template; do' \
  '  name=${file##*/}' \
  '  envsubst "$names" <"$file" >"$NGINX_ENVSUBST_OUTPUT_DIR/${name%.template}"' \
  'done' \
  'exec "$@"' >/entry.sh && chmod 755 /entry.sh
ENTRYPOINT ["/entry.sh"]
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
END
build prometheus:2.42 <<'END'
FROM replyx-rehearsal/debian:12
RUN mkdir -p /prometheus /alertmanager && chown nobody /prometheus /alertmanager
USER nobody
END

if ! curl -fsS -o /dev/null "http://$registry/v2/" 2>/dev/null; then
  printf 'version: 0.1\nstorage: { filesystem: { rootdirectory: "%s/registry" } }\nhttp: { addr: "%s" }\n' "$directory" "$registry" >"$directory/registry.yml"
  docker-registry serve "$directory/registry.yml" >"$directory/registry.log" 2>&1 3>&- &
  echo "$!" >"$directory/registry.pid"
  for ((i = 0; i < 50; i++)); do
    curl -fsS -o /dev/null "http://$registry/v2/" 2>/dev/null && break
    sleep 0.1
  done
fi
docker push --quiet "$registry/aspnet:10.0" || exit 1

cat >&3 <<END
BASE_IMAGE=$registry/aspnet:10.0
DOTNET_CONTAINER_INSECURE_REGISTRIES=$registry
REDIS_IMAGE=replyx-rehearsal/redis:7.0
NGINX_IMAGE=replyx-rehearsal/nginx:1.22
NGINX_HTTP2_LISTEN= http2
NGINX_HTTP2=
NGINX_KEEPALIVE=
PROMETHEUS_IMAGE=replyx-rehearsal/prometheus:2.42
ALERTMANAGER_IMAGE=replyx-rehearsal/prometheus:2.42
GRAFANA_IMAGE=none
END
