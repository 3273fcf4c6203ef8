#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same pictures as a folder, as a stream, as a stream in a FIFO and as `yingbin scan` has them: the
# same codes, so the same verdicts.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 8
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
"$bin/make_y4m" 2 shown/*.png >shown.y4m

say "texts by yingbin scan"
yingbin scan shown/*.png | sed -nE 's/.*"texts":\["([^"]*)"\].*/\1/p' >texts
[ "$(wc -l <texts)" = 8 ] || fail "not all tickets are read: $(cat texts)"
sed '1s/^\xEF\xBB\xBF//; s/\r$//' tickets/tickets.csv | awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) column[$i] = i; next} {print $column["code"], $column["number"]}' >codes
while read -r text; do
  awk -v text="$text" '$1 == text {print $2}' codes
done <texts >scanned

run() { # NAME CAMERA
  kiosk_on "$2 once" --set data="data-$1" >"$1.jsonl" 2>"$1.log" || fail "the kiosk failed on $1: $(cat "$1.log")"
  field attendee <"$1.jsonl" >"$1.people"
  [ "$(field verdict <"$1.jsonl" | sort -u)" = admit ] || fail "not all admitted on $1: $(cat "$1.jsonl")"
  expect_same "$1 differs from what yingbin scan reads" scanned "$1.people"
}
say "as a folder" && run files files:shown
say "as a stream" && run y4m y4m:shown.y4m
say "as a FIFO"
mkfifo pipe
cat shown.y4m >pipe &
run fifo y4m:pipe
say "in its own time, where frames may be left out, but nobody who stays"
"$bin/make_y4m" 45 shown/3.png >slow.y4m
kiosk_on "y4m:slow.y4m once" --set data=data-real --set pace=real >real.jsonl 2>real.log || fail "the kiosk failed: $(cat real.log)"
[ "$(field attendee <real.jsonl)" = 3 ] || fail "not seen once in real time: $(cat real.jsonl)"
