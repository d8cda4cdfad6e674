#!/usr/bin/env bash
# Renders the messages' examples into docs/alert-messages.md, between its two marks. Needs amtool, of Alertmanager 0.25 or later.
#   render-examples.sh           writes the page
#   render-examples.sh --check   changes nothing; exit code 1, with the difference, if the page is not what would be written
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
page=$here/../../docs/alert-messages.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "render-examples.sh: $1" >&2
  exit 2
}

check=''
case $# in
  0) ;;
  1)
    [ "$1" = --check ] || fail "unknown argument: $1"
    check=yes
    ;;
  *) fail 'too many arguments' ;;
esac
command -v amtool >/dev/null || fail 'amtool is not on PATH'

runbook=https://github.com/example/replyx/blob/main/docs/runbook.md

alert() { # alert STATUS STARTS ENDS LABELS SUMMARY DESCRIPTION ANCHOR
  printf '{"status": "%s", "startsAt": "%s", "endsAt": "%s", "labels": %s, "annotations": %s}' \
    "$1" "$2" "$3" "$4" "{\"summary\": \"$5\", \"description\": \"$6\", \"runbook_url\": \"$runbook#$7\"}"
}

data() { # data NAME SEVERITY STATUS COMMON-ANNOTATIONS ALERTS: what Alertmanager gives to the templates
  cat >"$work/data.json" <<JSON
{
  "receiver": "$2", "status": "$3", "externalURL": "https://alerts.example.com",
  "groupLabels": {"alertname": "$1"}, "commonLabels": {"alertname": "$1", "severity": "$2"},
  "commonAnnotations": $4, "alerts": [$5]
}
JSON
}

render() { # render TEMPLATE [text|html]
  amtool template render --template.glob="$here/templates/*.tmpl" --template.data="$work/data.json" \
    --template.type="${2:-text}" --template.text="{{ template \"$1\" . }}" ||
    # Its callers are inside of strings, where an exit code is lost.
    touch "$work/failed"
}

block() { # block LANGUAGE TEXT
  local fence="\`\`\`"
  printf '\n%s%s\n%s\n%s\n' "$fence" "$1" "$2" "$fence"
}

slack() { # slack HEADING
  printf '\n### %s\n' "$1"
  block text "color:      $(render replyx.slack.color)
title:      $(render replyx.slack.title)
title_link: $(render replyx.slack.link)

$(render replyx.slack.text)"
}

email() { # email HEADING
  printf '\n### %s\n' "$1"
  block text "Subject: $(render replyx.email.subject)

$(render replyx.email.text)"
}

never=0001-01-01T00:00:00Z

one() { # one STATUS ENDS: ConnectsFail
  local summary='Visitors cannot open the chat: 31.4% of connects failed in the last 30 minutes'
  local description='In the last 5 minutes 58.2% of connects failed because of us; the objective allows 5%. Reasons in the last 5 minutes: limit_node (412) draining (17)'
  data ConnectsFail critical "$1" "{\"summary\": \"$summary\", \"description\": \"$description\", \"runbook_url\": \"$runbook#connectsfail\"}" \
    "$(alert "$1" 2026-03-05T03:12:05Z "$2" '{"alertname": "ConnectsFail", "severity": "critical"}' "$summary" "$description" connectsfail)"
}

node() { # node NAME STATUS STARTS ENDS PERCENT: PoolNearLimit on one node
  alert "$2" "$3" "$4" '{"alertname": "PoolNearLimit", "severity": "warning", "job": "realtime", "instance": "'"$1"'", "pool": "ws_connections"}' \
    "New visitors will soon be refused: pool ws_connections of a node is $5% full" "Node $1 has ${5}00 sockets of 10000 in this pool." poolnearlimit
}

examples() {
  one firing $never
  slack 'Slack, firing'
  email 'E-mail, firing'
  printf '\nIts HTML part says the same:\n'
  block html "$(render replyx.email.html html)"

  one resolved 2026-03-05T03:31:35Z
  slack 'Slack, resolved'
  email 'E-mail, resolved'

  # Descriptions that differ are left out.
  data PoolNearLimit warning firing "{\"runbook_url\": \"$runbook#poolnearlimit\"}" \
    "$(node realtime-a1 firing 2026-03-05T03:12:05Z $never 84), $(node realtime-b2 firing 2026-03-05T03:13:40Z $never 81),
     $(node realtime-c3 resolved 2026-03-05T03:10:20Z 2026-03-05T03:14:20Z 81)"
  slack 'Slack, grouped'
  email 'E-mail, grouped'
}

examples >"$work/examples.md"
[ ! -e "$work/failed" ] || fail 'a template does not render'
awk -v file="$work/examples.md" '
  /^<!-- examples: end -->$/ { inside = 0 }
  !inside { print }
  /^<!-- examples: begin/ { inside = 1; begun++; while ((getline line < file) > 0) print line; print "" }
  /^<!-- examples: end -->$/ { ended++ }
  END { exit !(begun == 1 && ended == 1) }
' "$page" >"$work/page.md" || fail "the page does not have one begin and one end: $page"

if [ -n "$check" ]; then
  diff -u "$page" "$work/page.md" || exit 1
else
  cat "$work/page.md" >"$page"
fi
