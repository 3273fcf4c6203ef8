#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two hubs on one PostgreSQL, and a door at each, which holds its question there: a door hears of what the other hub took; a hub is
# killed under a held question, then PostgreSQL under both. Nobody is held up, and afterwards journals, hubs and merge agree.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

server=$("$src/tools/postgres" start) || fail "no PostgreSQL"
trap 'kill $(jobs -p) 2>/dev/null || true; "$src/tools/postgres" remove "$server"' EXIT
db=$("$src/tools/postgres" url "$server")
hub_settings=(--set db="$db" --set rate=1000)
two_doors 8

declare -A hub_of port_of door
door=([left]=one [right]=two)
start() { # HUB: on the port that it had
  hub_log=$1.log port=${port_of[$1]:-0}
  start_hub
  hub_of[$1]=$hub port_of[$1]=$port
}
at() { hub_log=$1.log hub=${hub_of[$1]} port=${port_of[$1]}; } # HUB: what follows is about that one
holds() { grep -qx 'yingbin_hub_questions_held 1' <(curl -sf "http://127.0.0.1:${port_of[$1]}/metrics"); }
held() { for name in left right; do wait_for "a question held at the $name hub" holds $name; done; }

say "a door at each hub"
for name in left right; do
  start $name
  visit "${door[$name]}" "card-door-${#hub_of[@]}"
done
for name in left right; do
  at $name
  begin "${door[$name]}"
done
held

say "who came in at one hub's door is known at the other's"
show one 1
wait_for "that two knows of the first" knows two 1
show two 1 2
wait_for "that two knows who was here" told two again 1
wait_for "that one knows of the second" knows one 1
show one 2
wait_for "that one knows who was here" told one again 1
held

say "a hub is killed, and the question with it"
kill -KILL "${hub_of[right]}"
wait "${hub_of[right]}" 2>/dev/null || true
show one 3
show two 4
wait_for "a welcome at one" told one admit 2
wait_for "a welcome at two, which has no hub" told two admit 2
start right
wait_for "that two knows of the third" knows two 2
wait_for "that one knows of the fourth" knows one 2
held

say "PostgreSQL is killed under both questions"
"$src/tools/postgres" kill "$server"
show one 5
show two 6
wait_for "a welcome at one" told one admit 3
wait_for "a welcome at two" told two admit 3
"$src/tools/postgres" up "$server" || fail "PostgreSQL doesn't come back"
wait_for "that two knows of the fifth" knows two 3
wait_for "that one knows of the sixth" knows one 3
show one 6
show two 5
wait_for "that one knows who was here" told one again 2
wait_for "that two knows who was here" told two again 2
held

say "journals, hubs and merge agree"
end one
end two
mkdir last-left last-right && cp tickets/7.png last-left/ && cp tickets/8.png last-right/
for name in left right; do
  at $name
  visit "${door[$name]}" "last-$name" # ends when the hub has all of it
done
agree "$db" one two
[ "$(field conflicts <merged.json)" = 0 ] || fail "somebody was let in twice: $(cat merged.json)"
for name in left right; do
  at $name
  end_hub
done
say "ok"
