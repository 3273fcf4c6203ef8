#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A kiosk's clock jumps a day ahead and two days back while guests come (libfaketime, so that it is the machine's own clock that jumps,
# beside a monotonic one that doesn't). Nobody is refused for it, journals, hub and merge agree to the record, and what the hub proved
# about the time puts each record where it was.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

fake=$(grep -m 1 'libfaketimeMT\.so' <(dpkg -L libfaketime 2>/dev/null)) || skip "there is no libfaketime (package libfaketime)"
[ ${#insecure[@]} = 0 ] || skip "sanitizers and libfaketime both want to be loaded first"

ahead() { # SECONDS: how far the kiosk's wall clock is before noon of the event's day, from now on
  printf '%+d' $((noon / 1000 + $1 - started)) >clock.new
  mv clock.new clock
}
started=$(date +%s)
ahead 0
jumping() { # COMMAND...: the kiosk in it lives by that clock
  local under=(env LD_PRELOAD="$fake" FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1 FAKETIME_TIMESTAMP_FILE="$PWD/clock")
  "$@"
}

say "an event, a hub that proves itself and knows the time, a kiosk whose clock will jump and one whose clock doesn't"
scheme=https
make_event meetup 8
mkdir packs
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9999 -subj /CN=hub -keyout hub.key -out hub.crt 2>openssl.log || fail "$(cat openssl.log)"
key=$(openssl x509 -in hub.crt -noout -pubkey | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1)
setup_card door-1 --spki "$key"
setup_card door-2 --spki "$key"
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
touch window.log
hub_settings=(--set cert=hub.crt --set key=hub.key --set clock_start="$noon")
start_hub
jumping visit one card-door-1 --set clock=trust
visit two card-door-2

jumping begin one --set clock=trust
begin two
guest=0
comes() { # one more guest at each door
  guest=$((guest + 1))
  show one $guest
  show two $((guest + 4))
  wait_for "welcome $guest at one" told one admit $guest
  wait_for "welcome $guest at two" told two admit $guest
  wait_for "that one's records are at the hub" acked one door-1
  wait_for "that two's records are at the hub" acked two door-2
}
comes
say "a day ahead"
ahead 86400
comes
say "two days back"
ahead -86400
comes
say "right again"
ahead 0
comes
wait_for "that one knows of two's guests" knows one 4
wait_for "that two knows of one's" knows two 4
end one
end two

wait_for "one's last record" acked one door-1
admitted_in_order one {1..4}
cp let_in.txt let_in_one.txt
admitted_in_order two {5..8}
agree hub.db one two
[ "$(sql -readonly one/journal.db "SELECT count(DISTINCT substr(line ->> 'wall', 1, 10)) FROM record WHERE kind = 'scan' AND verdict = 'admit'")" = 3 ] ||
  fail "the kiosk's clock didn't jump"
# by the hub's time all came within the same minutes, and the one's in the order in which they came
sqlite3 merged-sticks/merged.db "SELECT attendee FROM record WHERE kiosk = 'door-1' AND verdict = 'admit' ORDER BY time_ms" >by_time.txt
expect_same "the true times of who came at one" let_in_one.txt by_time.txt
sqlite3 merged-sticks/merged.db "SELECT attendee, time_ms - $noon, sure_ms FROM record WHERE verdict = 'admit'" >times.txt
passed=$(((60 + $(date +%s) - started) * 1000)) # the machine may be slow
awk -F'|' -v passed=$passed '$2 < -60000 || $2 > passed || $3 > passed {bad = 1} END {exit bad || NR != 8}' times.txt || fail "times that aren't true: $(cat times.txt)"
end_hub
say "ok"
