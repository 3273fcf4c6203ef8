#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A kiosk that was given nothing but a setup card: it joins the hub, waits for the first pack, keeps one that another key signed out,
# takes the right one, is the station that the card says, and is all that after a restart, too.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"

say "an event with two stations, a hub without its pack, and a card that names key and station"
make_event meetup 6
printf '[station meetup/side]\nkind = entry\n' >>meetup/pack.ini
mkdir packs
setup_card door-1 --pub org.pub --stations meetup/side
setup_card door-2
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/1.png shown/
yingbin key new other 2>other.log
yingbin pack build meetup -o forged.ybp --key other.key >forged.json 2>forged.log
start_hub

start_on() { # DATA FOLDER: with no pack and no key
  exec_kiosk "files:$2" --set data="$1" --set pack= --set pub= --set pace=real --set hub="$scheme://$host:$port" >>"$1.lines" 2>>"$1.log" &
  kiosk_pid[$1]=$!
}
says() { grep -q "$2" "$1.log"; }
begun() { [ "$(sql -readonly "$1/journal.db" "SELECT count(*) FROM record WHERE kind = 'system' AND note LIKE 'start %, pack meetup build 1%'")" -ge "$2" ]; }

say "it joins, and says that the hub has no pack yet"
start_on one card-door-1
wait_for "that it has no pack" says one 'there is no pack yet: show the setup card'
wait_for "that the hub has none" says one 'joined the hub, which has no pack meetup yet'
waits() { sql -readonly hub.db "SELECT health FROM kiosk WHERE name = 'door-1'" | grep -F 'it waits for its first pack, and this hub has none of that name' >waits.json; }
wait_for "that the hub knows of it" waits

say "a pack of another key stays out"
cp forged.ybp packs/meetup.ybp && cp forged.ybp.minisig packs/meetup.ybp.minisig
wait_for "that it can't be used" says one "the hub's pack meetup can't be used"
[ -z "$(find one -name '*.ybp*')" ] || fail "something of it is kept: $(find one -name '*.ybp*')"

say "the right one is taken, and the card's station"
cp meetup.ybp packs/meetup.ybp && cp meetup.ybp.minisig packs/meetup.ybp.minisig
wait_for "its first start with a pack" begun one 1
end one

say "--check-config knows the card's key and station"
(exec_kiosk none --set data=one --set pack= --set pub= --check-config) >check.json 2>check.log || fail "the check fails: $(cat check.log)"
[ "$(field station <check.json)" = meetup/side ] || fail "another station: $(cat check.json)"

say "after a restart it is all that"
start_on one shown
wait_for "a welcome" told one admit 1
grep -q '"verdict":"admit","event":"meetup","station":"meetup/side","attendee":"1"' one.lines || fail "$(cat one.lines)"
wait_for "that the hub has its record, under the card's name" acked one door-1
end one

say "a card that names no pack enrols all the same, and says what is missing"
start_on two card-door-2
wait_for "what is missing" says two 'this setup card names no pack'
end two
rm -r card-door-2
setup_card door-2 --pub org.pub --stations meetup/door
end_hub # it reads the list of cards anew
start_hub
start_on two card-door-2
wait_for "its first start with a pack" begun two 1
end two
end_hub
say "ok"
