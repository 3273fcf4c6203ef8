#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole kiosk before what people hold up: two tickets at once, codes that no reader ends with, a
# recording that stops inside a frame.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 6
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir shown && cp tickets/*.png shown/
mapfile -t codes < <(yingbin scan shown/*.png | sed -nE 's/.*"texts":\["([^"]*)"\].*/\1/p')
[ ${#codes[@]} = 6 ] || fail "not all tickets are read"

run() { # NAME [ARGUMENT...]
  local name=$1
  shift
  kiosk_on "y4m:$name.y4m once" --set data="data-$name" "$@" >"$name.jsonl" 2>"$name.log" || fail "the kiosk failed on $name: $(cat "$name.log")"
}
admitted() { field attendee <"$1.jsonl" | tr '\n' ' '; }

say "two phones in one picture: both are in, the larger one first"
"$bin/make_hostile" two "${codes[2]}" "${codes[4]}" >two.y4m
run two
[ "$(admitted two)" = "5 3 " ] || fail "not the larger one, then the other: $(cat two.jsonl)"
[ "$(field verdict <two.jsonl | sort -u)" = admit ] || fail "not both admitted: $(cat two.jsonl)"
verify_journal data-two

say "hostile pictures between good ones, as fast as they go and in their own time"
"$bin/make_hostile" all "${codes[0]}" "${codes[3]}" >all.y4m
run all
[ "$(admitted all)" = "1 4 " ] || fail "not the first and the last: $(cat all.jsonl), $(cat all.log)"
kiosk_on "y4m:all.y4m once" --set data=data-real --set pace=real >real.jsonl 2>real.log || fail "the kiosk failed: $(cat real.log)"
[ "$(admitted real)" = "1 4 " ] || fail "not the first and the last in real time: $(cat real.jsonl), $(cat real.log)"
if grep -q 'a decoder died' all.log real.log; then fail "a decoder died: $(cat all.log real.log)"; fi

say "the recording stops inside a frame, or between two"
"$bin/make_y4m" 3 shown/1.png shown/2.png >whole.y4m
head -c -1000 whole.y4m >torn.y4m
run torn
[ "$(admitted torn)" = "1 2 " ] || fail "not both before the cut: $(cat torn.jsonl)"
grep -q 'torn.y4m.*stops inside a frame' torn.log || fail "the cut isn't told: $(cat torn.log)"
verify_journal data-torn
{ head -c 2000000 whole.y4m && echo nonsense && cat whole.y4m; } >garbage.y4m
run garbage
[ "$(admitted garbage)" = "1 " ] || fail "not what was before the garbage: $(cat garbage.jsonl)"
grep -q 'garbage.y4m' garbage.log || fail "the garbage isn't told: $(cat garbage.log)"
