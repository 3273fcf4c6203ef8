#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The dashboard of two hubs on one PostgreSQL: who signs in at one is known at the other, and what comes in at one is told
# live at the other; a hub that is stopped ends the streams that hang on it, and ends well.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/../kiosk/lib.sh"

server=$("$src/tools/postgres" start)
trap 'kill $(jobs -p) 2>/dev/null || true; "$src/tools/postgres" remove "$server"' EXIT
db=$("$src/tools/postgres" url "$server")

make_event meetup 4
yingbin card setup meetup --hub http://127.0.0.1 --kiosk door-1 -o door-1.png >/dev/null 2>&1
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
kiosk_on "files:shown once" --set kiosk=door-1 >/dev/null 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
yingbin log export --data data -o all.jsonl >/dev/null
echo correct-horse | "$bin/yingbin-hub" user add ann --role organizer --set db="$db" 2>user.log || fail "$(cat user.log)"

start_hub() { # NAME: $hub, $url
  "$bin/yingbin-hub" --set listen=127.0.0.1:0 --set db="$db" --set kiosks=meetup/kiosks.csv --set assets="$src/assets" >"$1.out" 2>"$1.log" &
  hub=$!
  first_line $hub "$1.out" "$1.log"
  url=http://127.0.0.1:$(field port <"$1.out")
}
start_hub one
hub_1=$hub url_1=$url
start_hub two
hub_2=$hub url_2=$url

say "signed in at one, known at the other"
curl -sSf -o /dev/null -c jar -H 'X-Yingbin: page' -d '{"user":"ann","password":"correct-horse"}' "$url_1/v1/session"
[ "$(curl -sSf -b jar "$url_2/v1/session" | jq -r .user)" = ann ] || fail "the other hub doesn't know the session"

say "told live at the other"
curl -sSN -b jar "$url_2/v1/live" >live.txt 2>live.err &
live=$!
seen() { sed -n 's/^data: //p' live.txt | jq -e "$1" >/dev/null; } # JQ_TEST: a message that it holds for
wait_for "the kiosk" seen '.kiosks[] | select(.name == "door-1" and .enrolled == false)'
token=$("$bin/make_enrol" data door-1 "$(yingbin scan door-1.png | jq -r '.texts[0]')" | curl -sS --data-binary @- "$url_1/v1/enrol" | jq -r .token)
curl -sSf -o /dev/null -H "Authorization: Bearer $token" --data-binary @all.jsonl "$url_1/v1/kiosks/door-1/journal"
wait_for "four in" seen '.events[] | select(.id == "meetup" and .in == 4)'
wait_for "the records" seen '.kiosks[] | select(.name == "door-1" and .enrolled and .records >= 4)'

say "a hub that stops"
end_well $hub_2 two.log
wait $live || true
[ "$(curl -sSf -b jar "$url_1/v1/session" | jq -r .user)" = ann ] || fail "the session went with the other hub"

say "an account that is removed"
"$bin/yingbin-hub" user remove ann --set db="$db"
[ "$(curl -sS -o /dev/null -w '%{http_code}' -b jar "$url_1/v1/session")" = 401 ] || fail "the account's session goes on"
end_well $hub_1 one.log
say "ok"
