#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sticks that are really mounted: whoever puts one in that has a folder yingbin-export gets the log by itself. A stick that is
# full, write-protected or breaks midway holds no half file that looks whole, and the next time all is well.
# shellcheck source=tests/kiosk/lib_sticks.sh
. "$(dirname "$0")/lib_sticks.sh"

: >window.log
mkdir room

make_stick_for_logs() { # NAME KIB: it has the folder
  make_stick "$@"
  mkdir "room/$1/yingbin-export"
}
told() { grep -qF -- "$1" kiosk.log; }
told_times() { [ "$(grep -cF -- "$1" kiosk.log)" = "$2" ]; }
no_file() { # WHERE: nothing that anybody would take for an export
  if grep -q . <(find "$1" -name '*.jsonl'); then fail "there is an export on it: $(find "$1")"; fi
}
the_file() { find "$1" -name 'yingbin-door-1-*.jsonl' | sort | tail -n 1; }

make_event meetup 30
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log || fail "no tickets: $(cat tickets.log)"
mkdir data
kiosk_on "files:tickets once" --set kiosk=door-1 >first.lines 2>first.log || fail "the kiosk failed: $(cat first.log)"
: >kiosk.log
exec_kiosk none --set kiosk=door-1 --set pace=real --set clock=trust --set log=debug >>kiosk.lines 2>>kiosk.log &
kiosk=$!
alive() { kill -0 "$kiosk" || fail "the kiosk has ended: $(cat kiosk.log)"; }

say "a stick with the folder gets the log by itself"
make_stick_for_logs good 2048
echo 'mine' >room/good/yingbin-export/holiday.txt
put_in good
wait_for "the export" told 'records to /media/stick/yingbin-export/yingbin-door-1-'
first=$(the_file room/good)
yingbin log verify "$first" >verified.jsonl || fail "the stick's log doesn't verify"
[ "$(field kiosk <verified.jsonl)" = door-1 ] || fail "another kiosk's: $(cat verified.jsonl)"
pull_out

say "without the folder nothing is written"
make_stick_for_logs plain 2048
rmdir room/plain/yingbin-export
put_in plain
wait_for "the look at it" told 'no yingbin-export on /media/stick'
no_file room/plain
pull_out

say "full: nothing stays, and it is said"
make_stick_for_logs full 512
head -c 10M /dev/zero >room/full/photos 2>/dev/null || true
put_in full
wait_for "the message" told 'the disk is full; free some space'
alive && no_file room/full
[ "$(find room/full -name '*.part-*' | wc -l)" = 0 ] || fail "half a file stays: $(find room/full)"
pull_out
rm room/full/photos

say "write-protected"
mount -o remount,ro room/good
put_in good
wait_for "the message" told 'the file system is read-only'
alive
pull_out
mount -o remount,rw room/good

say "it breaks while the log is written: what can't be synced has no name"
make_stick_for_logs broken 4096
truncate -s 64K broken.img && losetup -c "$loop" # whatever is written from now on goes nowhere
put_in broken
wait_for "the message" told 'input/output error: the disk or card may be broken'
alive && no_file room/broken
pull_out

say "the full one has room again, and the good one has an older log: it stays beside the new one"
put_in full
wait_for "the export" told_times 'records to /media/stick/yingbin-export/yingbin-door-1-' 2
yingbin log verify "$(the_file room/full)" >/dev/null || fail "the second stick's log doesn't verify"
pull_out
put_in good
wait_for "the export" told_times 'records to /media/stick/yingbin-export/yingbin-door-1-' 3
[ -e "$first" ] || fail "the older log is gone: $(find room/good)"
[ "$(find room/good -name '*.jsonl' | wc -l)" = 2 ] || fail "not two logs: $(find room/good)"
yingbin log verify room/good/yingbin-export/*.jsonl >/dev/null || fail "one of two logs doesn't verify"
[ "$(cat room/good/yingbin-export/holiday.txt)" = mine ] || fail "what was there has changed"
yingbin log merge room/good/yingbin-export/*.jsonl -o merged >merged.jsonl 2>merged.log || fail "no merge: $(cat merged.log)"
[ "$(field people <merged.jsonl)/$(field findings <merged.jsonl)" = 30/0 ] || fail "not 30 people: $(cat merged.jsonl merged.log)"

say "out and in again at once, sooner than anybody looks: it was out"
pull_out
plug_anew good
put_in good
wait_for "the export" told_times 'records to /media/stick/yingbin-export/yingbin-door-1-' 4

say "the same by hand: log export"
head -c 10M /dev/zero >room/full/photos 2>/dev/null || true
code=0 && yingbin log export --data data -o room/full/by-hand.jsonl >/dev/null 2>hand.log || code=$?
[ "$code" = 1 ] || fail "exit code $code on a full stick"
expect_problem hand.log '写入.*by-hand.jsonl.*磁盘已满' "can't write.*by-hand.jsonl.*full"
[ "$(find room/full -name 'by-hand*' | wc -l)" = 0 ] || fail "half a file stays: $(find room/full)"
mount -o remount,ro room/good
code=0 && yingbin log export --data data -o room/good/by-hand.jsonl >/dev/null 2>hand.log || code=$?
[ "$code" = 1 ] || fail "exit code $code on a write-protected stick"
expect_problem hand.log '写入.*by-hand.jsonl.*只读' "can't write.*by-hand.jsonl.*read-only"
alive
kill "$kiosk"
wait "$kiosk" || fail "the kiosk ended badly: $(cat kiosk.log)"
[ "$(grep -c '"note":"exported ' <(yingbin log export --data data -o last.jsonl >/dev/null && cat last.jsonl))" = 4 ] || fail "not four exports in the journal"
