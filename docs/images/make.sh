#!/usr/bin/env bash
# Makes the pictures of the docs: starts the graph, replays the conversations, and photographs what a person would see.
# Needs chromium and, for the plot, prometheus on PATH; the development ports must be free.
set -euo pipefail
cd "$(dirname "$0")/../.."
images=docs/images
work=$(mktemp -d)
for project in ReplyX.AppHost samples/Replay tests/ReplyX.E2E.Tests; do dotnet build "$project" -v q --nologo >/dev/null; done

# Widget, console and demo: a test that tells one story on a graph of its own.
REPLYX_PICTURES="$PWD/$images" dotnet test --project tests/ReplyX.E2E.Tests --no-build -- --filter-class '*PicturesTests' >"$work/pictures.log" 2>&1 ||
  { tail -40 "$work/pictures.log"; exit 1; }

DOTNET_NOLOGO=1 dotnet run --no-build --project ReplyX.AppHost >"$work/host.log" 2>&1 &
host=$!
trap 'kill -TERM $host 2>/dev/null || true; wait $host 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -q 'Ready in' "$work/host.log"; do kill -0 $host; sleep 0.2; done

shoot() { # shoot FILE WIDTHxHEIGHT URL [MILLISECONDS]
  timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars --disable-background-networking \
    --disable-component-update --disable-sync --user-data-dir="$work/chromium" --window-size="${2/x/,}" \
    --virtual-time-budget="${4:-4000}" --screenshot="$images/$1" "$3" >/dev/null 2>&1
}

terminal() { # terminal FILE WIDTHxHEIGHT < text
  { printf '<!doctype html><meta charset="utf-8"><style>body{margin:0;padding:20px 24px;background:#11151c;color:#d7dde8;font:15px/1.45 "DejaVu Sans Mono",monospace;white-space:pre-wrap}b{color:#7ee2a8;font-weight:normal}</style>'
    sed -e 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' -e 's/^\$ .*/<b>&<\/b>/' -e 's/^Ready in.*/<b>&<\/b>/'; } >"$work/page.html"
  shoot "$1" "$2" "file://$work/page.html" 500
}

dotnet run --no-build --project samples/Replay >"$work/replay.log" 2>&1
dotnet run --no-build --project samples/Replay -- --repeat 3 >/dev/null 2>&1
{ echo '$ dotnet run --project ReplyX.AppHost'; sed -n '/╭/,/Ready in/p' "$work/host.log"; echo
  echo '$ dotnet run --project samples/Replay'; grep -v '^\[' "$work/replay.log"; } | terminal start-and-replay.png 1130x660
shoot http-api.png 1280x860 http://localhost:5080/docs 8000
if curl -sf localhost:9090/-/ready >/dev/null; then
  sleep 12 # two scrapes more, so that the plot has its end
  shoot messages-sent.png 1280x760 'http://localhost:9090/graph?g0.expr=sum%20by%20(type)%20(websocket_messages_sent_total)&g0.tab=0&g0.range_input=1m' 8000
fi
