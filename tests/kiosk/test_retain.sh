#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The kiosk's own retention: started after the pack's retain_until it takes people out of the journal, but only out of records that a
# hub has acknowledged and proved to be the hub; what stays proves the chain. Killed at any moment meanwhile, it loses nothing.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_hub.sh
. "$src/tests/kiosk/lib_hub.sh"
later=$((noon + 30 * 86400000)) # retain_until is in between

# By what staff would read it with, whatever state a kill left the folder in.
lines_with() { yingbin log export --data "$1" -o counted.jsonl >/dev/null && { grep -c "$2" counted.jsonl || true; }; }
people() { lines_with "$1" '"attendee"'; }
purges() { lines_with "$1" 'purge: '; }
empty_stage() { # KIOSK [ARGUMENT...]: started, nobody comes, ended; the hub can't be reached
  local data=$1
  shift
  kiosk_on "files:nothing once" --set data="$data" --set hub="http://127.0.0.1:1" "$@" >>"$data.lines" 2>>"$data.log" || fail "$data failed: $(cat "$data.log")"
}

# Started when the time is over and nobody is left in the journal: the pack, and what a hub here would give out of it, are gone, and it
# says so. What is said is in over.log.
over_stage() { # KIOSK [ARGUMENT...]
  local data=$1 code=0
  shift
  kiosk_on "files:nothing once" --set data="$data" --set hub="http://127.0.0.1:1" --set clock_start=$later "$@" >>"$data.lines" 2>over.log || code=$?
  [ $code = 1 ] || fail "$data ended with $code: $(cat over.log)"
  expect_problem over.log '活动包 meetup 的数据只保留到 2023-11-10' 'pack meetup was to be kept until 2023-11-10'
  [ -z "$(find "$data" -name '*.ybp*' -o -name 'hub-pack.part*')" ] || fail "$data still has $(find "$data" -name '*.ybp*' -o -name 'hub-pack.part*')"
}

say "an event whose data may be kept until 2023-11-10, a hub with TLS and one without"
make_event meetup 6
sed -i '/^\[pack\]/a privacy.retain_until = 2023-11-10' meetup/pack.ini
mkdir packs nothing
convert -size 640x480 xc:gray nothing/grey.png
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9999 -subj /CN=hub -keyout hub.key -out hub.crt 2>openssl.log || fail "$(cat openssl.log)"
key=$(openssl x509 -in hub.crt -noout -pubkey | openssl pkey -pubin -outform der | sha256sum | cut -d' ' -f1)
scheme=https
setup_card door-1 --spki "$key"
scheme=http
setup_card door-2
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
hub_settings=(--set cert=hub.crt --set key=hub.key --set clock_start="$noon")
scheme=https
start_hub
visit one card-door-1
visit one shown
end_hub
hub_settings=(--set clock_start="$noon") scheme=http
start_hub
visit two card-door-2
visit two shown
end_hub
for data in one two; do
  [ "$(people $data)" = 6 ] || fail "not six people in the journal of $data"
  verify_journal $data $data-before.jsonl
done

say "before that day, and on a clock that nobody vouches for, nobody is taken out"
empty_stage one
empty_stage one --set clock=adrift --set clock_start=$later
[ "$(people one) $(purges one)" = "6 0" ] || fail "somebody was taken out too early"

say "without a receipt that is the hub's own, nobody is, however late it is"
empty_stage two --set clock_start=$later
[ "$(people two) $(purges two)" = "6 0" ] || fail "somebody was taken out without a receipt"

say "killed at any moment of its start, it has all of them, or none and the note"
mkdir one/hub-packs
cp meetup.ybp meetup.ybp.minisig one/hub-packs/
cp meetup.ybp one/hub-pack.part
cp -r one whole
for ((n = 0; n < 12; n++)); do
  rm -rf one && cp -r whole one
  exec_kiosk "files:nothing" --set data=one --set hub="http://127.0.0.1:1" --set clock_start=$later >>one.lines 2>>one.log &
  started=$!
  read -rt "0.$(printf '%03d' $((n * 30)))" <> <(:) || true
  kill -KILL $started 2>/dev/null || true
  wait $started 2>/dev/null || true
  verify_journal one
  left=$(people one)
  [ "$left" = 6 ] || [ "$left" = 0 ] || fail "$left people are left"
  over_stage one
  [ "$(people one)" = 0 ] || fail "$(people one) people are left after the next start"
  [ "$(lines_with one 'pack removed: ')" -ge 1 ] || fail "the journal doesn't say that the pack went (killed at $n)"
  [ "$(purges one)" -ge 1 ] || fail "the journal doesn't say what went (killed at $n)"
  verify_journal one
done

say "the pack doesn't come back by itself, whatever the settings name; a newer one does its work"
for ((n = 0; n < 2; n++)); do over_stage one; done
expect_problem over.log '请删掉文件 meetup.ybp' 'Delete the file meetup.ybp'
[ "$(lines_with one 'pack removed: ')" -le 2 ] || fail "it was brought in again"
over_stage one --set pack=
expect_problem over.log 现场聚会 'a meetup on the spot'
cp meetup/pack.ini pack.ini.before
sed -i 's/^privacy.retain_until.*/privacy.retain_until = 2024-11-10/' meetup/pack.ini
mv meetup.ybp old.ybp && mv meetup.ybp.minisig old.ybp.minisig
build_pack meetup
empty_stage one --set clock_start=$later
[ "$(people one) $(lines_with one 'pack meetup build 2')" = "0 1" ] || fail "the newer pack isn't in use"
mv old.ybp meetup.ybp && mv old.ybp.minisig meetup.ybp.minisig && mv pack.ini.before meetup/pack.ini

say "what somebody took out by hand, or before it was killed, the next start notes"
rm -rf one && cp -r whole one
yingbin log merge one-before.jsonl --roster meetup -o by-hand >/dev/null 2>merge.log || fail "$(cat merge.log)"
yingbin log purge --data one --receipt by-hand/receipt.jsonl >/dev/null 2>purge.log || fail "$(cat purge.log)"
[ "$(people one) $(purges one)" = "0 0" ] || fail "it isn't taken out"
for ((n = 0; n < 2; n++)); do empty_stage one; done
[ "$(purges one)" = 1 ] || fail "$(purges one) notes of it"
verify_journal one

say "what stays proves the chain, and merges with what the hub has"
yingbin log export --data one -o one.jsonl >/dev/null || fail "no export"
yingbin log merge one-before.jsonl one.jsonl --roster meetup -o merged >merged.json 2>merge.log || fail "$(cat merge.log)"
[ "$(wc -l <merged/attendance.csv)" = 7 ] || fail "not six people: $(cat merged/attendance.csv)"
[ ! -e one/names.sealed ] || fail "names that staff corrected stay"
say "ok"
