#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job: a roster, tickets, people before the camera, the log; and on a second start the kiosk
# knows who is in.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 5
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
[ "$(find shown -name "*.png" | wc -l)" = 5 ] || fail "five tickets were expected"

say "everyone comes"
kiosk_on "files:shown once" >first.jsonl 2>first.log || fail "the kiosk failed: $(cat first.log)"
field name <first.jsonl | sort >names
printf '参会者%s\n' 1 2 3 4 5 | sort >expected
expect_same "who was greeted" expected names
[ "$(field verdict <first.jsonl | sort | uniq -c | awk '{print $2 "=" $1}')" = admit=5 ] || fail "not five admitted: $(cat first.jsonl)"
[ "$(field seq <first.jsonl | sort -n | uniq -d | wc -l)" = 0 ] || fail "two lines with one seq"
field at <first.jsonl | grep -vE '^2023-10-28T04:0[0-9]:[0-9]{2}\.[0-9]{3}Z$' && fail "a time that isn't the recording's"
[ "$(field station <first.jsonl | sort -u)" = meetup/door ] || fail "not at the door"
[ "$(field by <first.jsonl | sort -u)" = camera ] || fail "not by the camera"

say "the log"
verify_journal data
[ "$(grep -c '"kind":"scan"' export.jsonl)" = 5 ] || fail "five scans were expected in the export"
grep '"kind":"scan"' export.jsonl | field attendee | sort >in_log
field attendee <first.jsonl | sort >on_screen
expect_same "who is in the log" on_screen in_log
cut -d, -f5 tickets/tickets.csv | tail -n +2 | while read -r code; do
  if [ -n "$code" ] && grep -qF "$code" export.jsonl first.jsonl first.log; then fail "a code is told"; fi
done
[ "$(stat -c %a data)" = 700 ] || fail "the data folder is open to others"

say "the second start"
kiosk_on "files:shown once" >second.jsonl 2>second.log || fail "the kiosk failed: $(cat second.log)"
[ "$(field verdict <second.jsonl | sort | uniq -c | awk '{print $2 "=" $1}')" = again=5 ] || fail "not five known: $(cat second.jsonl)"
verify_journal data
[ "$(grep -c '"kind":"scan"' export.jsonl)" = 10 ] || fail "ten scans were expected in the export"

say "a flipped byte in the export is found"
line=$(grep -n -m 1 '"verdict":"admit"' export.jsonl | cut -d: -f1)
sed "${line}s/\"admit\"/\"adm1t\"/" export.jsonl >tampered.jsonl
if yingbin log verify tampered.jsonl >/dev/null 2>tampered.log; then fail "a tampered export verifies"; fi
grep -qw "$line" tampered.log || fail "the tampered line $line isn't named: $(cat tampered.log)"

say "SIGTERM ends it cleanly"
mkfifo lines
exec_kiosk "files:shown" --set data=other --set pace=real --set camera_fps=30 >lines 2>third.log &
kiosk=$!
read -r _ <lines || fail "no line before the end: $(cat third.log)"
end_well "$kiosk" third.log
verify_journal other

say "and so while it starts"
for _ in 1 2 3; do
  exec_kiosk "files:shown" --set data=early --set pace=real >early.jsonl 2>early.log &
  kiosk=$!
  until hears "$kiosk"; do :; done
  end_well "$kiosk" early.log
done
"$bin/yingbin-hub" --set listen=127.0.0.1:0 --set db=early.db >early.out 2>early.log &
hub=$!
until hears "$hub"; do :; done
end_well "$hub" early.log

say "Ctrl-C reaches the decoders, too: they end with the kiosk, not before it"
exec_kiosk "files:shown" --set data=third --set pace=real --set camera_fps=30 >lines 2>fourth.log &
kiosk=$!
read -r _ <lines || fail "no line before the end: $(cat fourth.log)"
for child in $(cat "/proc/$kiosk/task/$kiosk/children" "/proc/$kiosk"/task/*/children 2>/dev/null | tr ' ' '\n' | sort -u); do
  kill -INT "$child" || fail "no decoder $child"
  kill -TERM "$child" || fail "decoder $child ended by SIGINT"
done
kill -INT "$kiosk"
code=0 && wait "$kiosk" || code=$?
[ "$code" = 0 ] || fail "exit code $code after SIGINT: $(cat fourth.log)"
if grep -q decoder fourth.log; then fail "a decoder died of the kiosk's own end: $(cat fourth.log)"; fi
