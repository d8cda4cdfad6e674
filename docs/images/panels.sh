#!/usr/bin/env bash
# Draws the dashboards of ten minutes under load, in the middle of which a node is killed: docs/images/panels/*.svg.
# Needs node, prometheus, jq and curl on PATH; the development ports must be free.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
for project in ReplyX.AppHost samples/Replay tools/ReplyX.Panels; do dotnet build "$project" -v q --nologo >/dev/null; done
npm ci --silent --prefix eng/k6

# Data of its own: what an earlier run has measured is not to be seen.
DOTNET_NOLOGO=1 dotnet run --no-build --project ReplyX.AppHost -- --DataFolder="$work/data" >"$work/host.log" 2>&1 &
host=$!
trap 'kill -TERM $host 2>/dev/null || true; wait $host 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -q 'Ready in' "$work/host.log"; do kill -0 $host; sleep 0.2; done

talk() { dotnet run --no-build --project samples/Replay -- --repeat "$1" >/dev/null 2>&1 || true; }

# Half of the load test's visitors, over ten minutes in place of six and a half; and operators who answer some others.
ASSISTANT_ID=shop SCALE=0.5 TIME_SCALE=1.54 node eng/k6/stand-in/run.mjs docs/perf/k6_widget_websocket.js >"$work/load.log" 2>&1 &
load=$!
for minute in 1 2 3 4 5; do
  talk 1
  sleep 50
  echo "$minute of 10 minutes"
done

node=$(curl -sf localhost:5080/internal/nodes | jq -r '.[0].pid')
echo "killing the node that is process $node"
kill -KILL "$node"
for minute in 6 7 8 9 10; do
  talk 1
  sleep 50
  echo "$minute of 10 minutes"
done

wait $load || true
cat "$work/load.log"
rm -rf docs/images/panels
dotnet run --no-build --project tools/ReplyX.Panels -- --last 11m --format svg-dashboard --out docs/images/panels
