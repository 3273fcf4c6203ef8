#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two kiosks and a hub, the real ones: a setup card before the camera enrols each, what one admitted the other one knows, a hub
# that is killed or loses its database has everything again, and all agree in the end.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

# agrees DATA: the hub has each record of that kiosk, to the byte.
agrees() {
  yingbin log export --data "$1" -o "$1.jsonl" >/dev/null
  sed -E '1d;$d;s/\t.*//' "$1.jsonl" >"$1.records"
  sql hub.db "SELECT line FROM record WHERE kiosk = '$(head -n 1 "$1.jsonl" | field kiosk)' ORDER BY seq" >"$1.in_hub"
  expect_same "the hub and $1 don't agree" "$1.records" "$1.in_hub"
}
in_hub() { sql hub.db "SELECT count(*) FROM record WHERE kiosk = '$1'"; }

say "an event, a hub, two setup cards"
make_event meetup 6
mkdir packs
setup_card door-1
setup_card door-2
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
start_hub

say "a setup card enrols a kiosk, which takes its name from it"
visit one card-door-1
visit two card-door-2
[ "$(stat -c %a one/hub.ini)" = 600 ] || fail "the token is open to others"
for n in 1 2; do
  [ "$(in_hub door-$n)" -ge 5 ] || fail "the hub has nothing of door-$n: $(cat hub.log)"
done
visit one shown
agrees one

say "a hub that is killed has all that it acknowledged"
kill -KILL $hub
wait $hub 2>/dev/null || true
visit two shown
start_hub
visit two shown
agrees one
agrees two

say "a hub that lost its database takes the cards again, and is filled again"
end_hub
rm hub.db*
start_hub
visit one shown
visit two shown
agrees one
agrees two

say "a newer pack comes by the hub and is taken between two guests; the camera goes on"
echo 7,参会者7 >>meetup/people.csv
cp meetup.ybp old.ybp && cp meetup.ybp.minisig old.ybp.minisig
build_pack meetup
mv meetup.ybp packs/ && mv meetup.ybp.minisig packs/
mv old.ybp meetup.ybp && mv old.ybp.minisig meetup.ybp.minisig
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir late && cp tickets/*7*.png late/
kiosk=
start_one() { # KIOSK FOLDER: in its own time, until it is killed
  exec_kiosk "files:$2" --set data="$1" --set pace=real --set hub="http://127.0.0.1:$port" >"$1.lines" 2>>"$1.log" &
  kiosk=$!
}
stop_one() { end_well $kiosk ./*.log; }
noted() { # KIOSK PATTERN [TIMES]
  [ "$(sql -readonly "$1/journal.db" "SELECT count(*) FROM record WHERE kind = 'system' AND note LIKE '$2'")" -ge "${3:-1}" ]
}
let_in() { [ -n "$(sql -readonly "$1/journal.db" "SELECT 1 FROM record WHERE verdict = 'admit' AND attendee = '$2'")" ]; }
start_one one late
wait_for "the new pack at one" noted one 'pack switched from meetup build 1 to meetup build 2'
wait_for "who is on the new pack only" let_in one 7
is_told() { sql -readonly hub.db "SELECT health FROM kiosk WHERE name = 'door-1'" | jq -e "$1" >/dev/null; }
wait_for "how the kiosk is" is_told '.camera == "good" and .build == 2 and .disk_free > 0 and .clock_ok and .today >= 1'
stop_one
start_one one late # and is still there after a restart, whatever file the configuration names
wait_for "the second start" noted one 'start %, pack meetup build 2' 2
stop_one

say "a pack that nobody signed stays out"
cp packs/meetup.ybp.minisig good.minisig
echo x >>packs/meetup.ybp
sed -i '4s/^./x/' packs/meetup.ybp.minisig
start_one two late
wait_for "that it is refused" grep -q "pack stays out" two.log
stop_one
if noted two 'pack switched%'; then fail "a forged pack is in use"; fi
[ -z "$(find one two -name '*.part*')" ] || fail "something is left: $(find one two -name '*.part*')"

end_hub
say "ok"
