#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A door that asks: a party how many have come, and who is on no list whether they come in. First without a touch, on a recording
# in simulated time; then by a finger and the space bar, in a window. The merged log counts them as the screen said.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 0
printf 'number,name,party\n1,欧阳晓晴,4\n2,李雷,3\n3,韩梅梅,1\n' >meetup/people.csv
printf 'walkin = self\nparty = ask\n' >>meetup/pack.ini
sed -i 's/^again = stop/again = welcome/' meetup/pack.ini
make_event elsewhere 2
yingbin tickets meetup -o tickets >/dev/null 2>&1
yingbin tickets elsewhere -o strangers >/dev/null 2>&1
build_pack meetup
if grep -qE '(walkin|party) =' meetup.log; then fail "the build warns: $(cat meetup.log)"; fi

say "nobody touches anything"
convert -size 400x400 xc:white white.png
away=(white.png white.png white.png white.png white.png) # more than three seconds of them
stays=("${away[@]}" "${away[@]}" "${away[@]}" "${away[@]}")
a=tickets/1.png b=tickets/2.png c=tickets/3.png x=strangers/1.png
"$bin/make_y4m" 26 "$a" "${away[@]}" "$a" "$b" "${stays[@]}" "$b" "$c" "$x" "${away[@]}" "$x" "${away[@]}" "$x" >queue.y4m
kiosk_on "y4m:queue.y4m once" >told.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
sed -E 's/.*"verdict":"([a-z_]*)".*"attendee":"([^"]*)".*"by":"([a-z]*)".*/\1 \2 \3/' told.jsonl >told
cat >expected <<'TOLD'
admit 1 camera
admit 2 camera
admit 2 camera
admit 3 camera
unknown  camera
admit  camera
again  camera
TOLD
expect_same "not what was to happen" expected told
verify_journal data
sed -nE 's/.*"attendee":"([0-9]*)".*"verdict":"admit".*/\1 &/p' export.jsonl | sed -E 's/^([0-9]*) .*"count":([0-9]*).*/\1 \2/; s/^([0-9]*) \{.*/\1 -/' >counted
# All four at once; one where nobody answered, and one more where the next guest came.
expect_same "not so many" <(printf '1 4\n2 1\n2 1\n3 1\n') counted
yingbin log merge export.jsonl --roster meetup -o merged >merged.json 2>merge.log || fail "the log can't be merged: $(cat merge.log)"
grep -q '"people":8' merged.json || fail "not eight people"

say "by a finger"
# shellcheck source=tests/kiosk/lib_window.sh
. "$src/tests/kiosk/lib_window.sh"
code() { sed -n "s/^$2,[^,]*,[^,]*,[^,]*,\([^,]*\),.*/\1/p" "$1/tickets.csv"; }
start_display
: >window.log
SDL_VIDEODRIVER=x11 exec_kiosk none --set data=touched --set pace=real --set clock=trust --set reader=keyboard --set log=debug --set window=1280x720 --set lang=zh-Hans --set theme=light >touched.jsonl 2>window.log &
kiosk=$!
typed() { grep -E ': debug: (a code was|keys were) typed' window.log; }
scan() { # CODE: as a hand scanner; where a busy machine stutters within it, the kiosk takes it for keys, and it is typed again
  until
    before=$(typed | wc -l)
    xdotool type --delay 4 "$1" && xdotool key Return
    wait_for "what was typed" more_typed "$before"
    typed | tail -n 1 | grep 'a code was typed' >/dev/null
  do :; done
}
more_typed() { [ "$(typed | wc -l)" -gt "$1" ]; }
click() { xdotool mousemove "$1" "$2" click 1; }
shows() { [ "$(sed -n 's/.*: debug: screen //p' window.log | tail -n 1)" = "$1" ]; } # the kiosk tells it: log = debug
place() { sed -n "s/.*: debug: tap $1 $2 at \([0-9]*\),\([0-9]*\)$/\1 \2/p" window.log | tail -n 1; } # ACTION ARG: x y
told() { [ "$(grep -c "$1" touched.jsonl)" = "$2" ]; } # PATTERN TIMES
wait_for "idle" shows idle
scan "$(code tickets 1)"
wait_for "the question" shows heads
import -window root png:asked.png
# A finger that is there before anybody can have read the question is no answer: people touch again.
read -r x y <<<"$(place heads 2)"
two() { click "$x" "$y" && told '"verdict":"admit".*"attendee":"1"' 1; }
wait_for "two of them in" two
scan "$(code strangers 2)"
wait_for "the unknown one" told '"verdict":"unknown"' 1
import -window root png:offered.png
# Anywhere on the screen.
touched() { click 640 300 && told '"verdict":"admit".*"attendee":"".*"by":"tap"' 1; }
wait_for "the walk-in" touched
scan "$(code tickets 2)"
wait_for "the question" shows heads
all() { xdotool key space && told '"verdict":"admit".*"attendee":"2"' 1; }
wait_for "three in" all
say "a code that is no ticket: by its button alone"
scan 'https://u.wechat.com/kGx3ExampleExample'
wait_for "the offer" told '"verdict":"not_a_ticket"' 1
wait_for "its screen" shows not_a_ticket
import -window root png:no-ticket.png
read -r x y <<<"$(place presence 0)"
button() { click "$x" "$y" && told '"verdict":"admit".*"attendee":"".*"by":"tap"' 2; }
wait_for "the second walk-in" button
end_well $kiosk window.log
verify_journal touched touched.txt
for record in '"attendee":"1".*"verdict":"admit","by":"reader","count":2' '"attendee":"2".*"verdict":"admit","by":"reader","count":3' \
  '"code":"[0-9a-f]{32}","verdict":"admit","by":"tap"' '"station":"meetup/door","verdict":"admit","by":"tap"'; do
  [ "$(grep -cE "$record" touched.txt)" = 1 ] || fail "not one record of $record: $(cat touched.txt)"
done
