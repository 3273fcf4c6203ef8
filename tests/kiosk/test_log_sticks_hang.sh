#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A stick that doesn't answer any more in the middle of an export: guests are greeted all the same, and the kiosk ends well when it is
# told to. What it has written there has no name that anybody would take for an export.
# shellcheck source=tests/kiosk/lib_sticks.sh
. "$(dirname "$0")/lib_sticks.sh"

: >window.log
mkdir -p stick/yingbin-export
make_event meetup 3
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log || fail "no tickets: $(cat tickets.log)"
told() { grep -qF -- "$1" kiosk.log; }

width=320 height=240
mkfifo camera.fifo
exec 5<>camera.fifo
show() { # PICTURE
  convert "$1" -resize "${height}x$height" -background white -gravity center -extent "${width}x$height" -depth 8 gray:- >&5
  head -c $((width * height / 2)) /dev/zero | tr '\0' '\200' >&5
}
command -v convert >/dev/null || skip "imagemagick is missing"

: >kiosk.log
export SLOW_DISK=/yingbin-export/ SLOW_DISK_AT=$PWD/hangs ASAN_OPTIONS=verify_asan_link_order=0
LD_PRELOAD=$bin/slow_disk.so exec_kiosk "i420:${width}x$height@1:camera.fifo" --set kiosk=door-1 --set pace=real --set log=debug >>kiosk.lines 2>>kiosk.log 5>&- &
kiosk=$!
wait_for "a kiosk" hears $kiosk
show tickets/1.png
greeted() { grep -q "\"verdict\":\"admit\".*\"attendee\":\"$1\"" kiosk.lines; }
wait_for "the first guest" greeted 1
mount --bind stick /media/stick
wait_for "the stick that hangs" test -e hangs
show tickets/2.png
wait_for "the second guest" greeted 2
end_well $kiosk kiosk.log
told "the stick doesn't answer; the kiosk ends without it" || fail "nothing is said of the stick: $(cat kiosk.log)"
if grep -q . <(find stick -name '*.jsonl'); then fail "an export that nobody has synced: $(find stick)"; fi

say "the next one writes it"
unset SLOW_DISK
: >kiosk.log
exec_kiosk none --set kiosk=door-1 --set pace=real --set log=debug >>kiosk.lines 2>>kiosk.log 5>&- &
kiosk=$!
wait_for "the export" told 'records to /media/stick/yingbin-export/yingbin-door-1-'
yingbin log verify stick/yingbin-export/*.jsonl >verified.jsonl || fail "it doesn't verify: $(cat verified.jsonl)"
end_well $kiosk kiosk.log
