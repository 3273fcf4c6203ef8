#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A large pack over a narrow link: what a kiosk has to send, and what the others did, goes between its slices; the link is cut and the
# kiosk killed in the middle of it, and afterwards only the rest is fetched.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"
narrow=8000 slack=65536 # bytes a second; what else may come in a story, headers and feeds

say "an event with two doors, and a larger pack of it at the hub"
two_doors 6
start_hub
visit one card-door-1
visit two card-door-2
for ((n = 7; n <= 12000; n++)); do echo "$n,参会者$n"; done >>meetup/people.csv
cp meetup.ybp old.ybp && cp meetup.ybp.minisig old.ybp.minisig
build_pack meetup
size=$(stat -c %s meetup.ybp)
((size > 200 * narrow)) || fail "the pack has $size bytes: not large"
mv meetup.ybp packs/ && mv meetup.ybp.minisig packs/
mv old.ybp meetup.ybp && mv old.ybp.minisig meetup.ybp.minisig

say "$size bytes of it begin to come"
hub_port=$port
"$bin/narrow_link" "$port" $narrow >link.out 2>link.log &
link=$!
wait_for "the link" test -s link.out
port=$(head -n 1 link.out | field port)
has() { [ "$(stat -c %s one/hub-pack.part)" -ge "$1" ]; } # of it
incomplete() { [ -e one/hub-pack.part ] && [ "$(stat -c %s one/hub-pack.part)" -lt "$size" ]; }
signal() { # SIGNAL: the link has taken it; `back` is what came back till then
  local lines
  lines=$(wc -l <link.out)
  kill -"$1" $link
  wait_for "the link's answer" answered "$lines"
  back=$(tail -n 1 link.out | field back)
}
answered() { [ "$(wc -l <link.out)" -gt "$1" ]; }
begin one
wait_for "two slices and more" has $((2 * slack))

say "meanwhile guests come at both doors"
show one 1
wait_for "a welcome at one" told one admit 1
wait_for "that the hub has its record" acked one door-1
incomplete || fail "the pack was there before the guest's record: $(ls -l one)"
port=$hub_port
begin two
show two 2
wait_for "a welcome at two" told two admit 1
wait_for "that one knows of it" knows one 1
incomplete || fail "the pack was there before what the other door did: $(ls -l one)"
end two

say "the link is cut, and the kiosk killed"
signal USR2
kill -KILL "${kiosk_pid[one]}"
wait "${kiosk_pid[one]}" 2>/dev/null || true
incomplete || fail "the part is gone, or whole: $(ls -l one)"
had=$(stat -c %s one/hub-pack.part)
port=$(head -n 1 link.out | field port)
begin one
show one 3
wait_for "a welcome without the link" told one admit 2
[ "$(stat -c %s one/hub-pack.part)" = "$had" ] || fail "the part didn't stay"

say "it is mended, and only the rest comes"
signal USR1
before=$back
signal USR2
switched() { [ "$(sql -readonly one/journal.db "SELECT count(*) FROM record WHERE kind = 'system' AND note LIKE 'pack switched%build 2'")" = 1 ]; }
wait_for "the new pack" switched
wait_for "that the hub has all of one" acked one door-1
end one
signal USR1
((back - before < size - had + slack)) || fail "$((back - before)) bytes came, of $size, with $had there"
((back - before >= size - had)) || fail "only $((back - before)) bytes came, of $size, with $had there"
[ -z "$(find one -name '*.part*')" ] || fail "something is left: $(find one -name '*.part*')"
kill $link
agree hub.db one two
end_hub
say "ok: $had bytes of $size, then $((back - before))"
