#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An operator card before the real kiosk's camera opens the staff console, on which scanning goes on; one
# that is withdrawn opens nothing; and no card's secret is kept or told.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 1
for i in 1 2; do yingbin card operator meetup --name "值班$i" --role desk -o "card$i.png" >>cards.log 2>&1 || fail "no card: $(cat cards.log)"; done
yingbin card operator meetup --withdraw 2 >>cards.log 2>&1 || fail "not withdrawn: $(cat cards.log)"
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log
mkdir opens opens-not
for i in 1 2; do # as a phone shows it: the code alone
  mkdir "code$i"
  "$bin/make_picture" "code$i" "$(yingbin scan "card$i.png" | grep -oE 'YBOP1:[^"]+')" || fail "card $i can't be read"
done
cp code1/bad-grey-alpha.png opens/0.png && cp tickets/*.png opens/
cp code2/bad-grey-alpha.png opens-not/0.png && cp tickets/*.png opens-not/

say "a card that is valid is no scan of anybody, and the next guest is served"
kiosk_on "files:opens once" >first.jsonl 2>first.log || fail "the kiosk failed: $(cat first.log)"
[ "$(field verdict <first.jsonl | paste -sd,)" = admit ] || fail "not one admitted: $(cat first.jsonl)"
verify_journal data
[ "$(grep -c '"kind":"scan"' export.jsonl)" = 1 ] || fail "one scan was expected: $(cat export.jsonl)"
cp export.jsonl all.txt # verify_journal writes it anew

say "one that is withdrawn opens nothing"
kiosk_on "files:opens-not once" --set data=other >second.jsonl 2>second.log || fail "the kiosk failed: $(cat second.log)"
[ "$(field verdict <second.jsonl | paste -sd,)" = not_a_ticket,admit ] || fail "a withdrawn card: $(cat second.jsonl)"
verify_journal other

say "no secret of a card is kept"
for i in 1 2; do
  secret=$(yingbin scan "card$i.png" | grep -oE 'YBOP1:[^"\\]{12}') || fail "card $i can't be read"
  if grep -raqF "${secret#YBOP1:}" data other ./*.jsonl ./*.log all.txt; then fail "the secret of card $i is kept"; fi
done

if ! command -v Xvfb >/dev/null || ! command -v xdotool >/dev/null || ! command -v import >/dev/null; then
  say "not in a window: Xvfb, xdotool or imagemagick is missing"
  exit 0
fi

drawn() { [ "$(pixel "$1")" != "$(pixel 4,4)" ]; } # X,Y: something is there
blank() { ! drawn "$1"; }
click() { xdotool mousemove "$1" "$2" click 1; }
has_undo() { yingbin log export --data shown -o shown.txt >/dev/null && grep -q '"kind":"undo"' shown.txt; }

say "in a window: card, two letters, Enter: in; a tap and a reason: out; closed"
sed -i 's/参会者1$/张三/' meetup/people.csv
build_pack meetup
mkdir held && cp code1/bad-grey-alpha.png held/0.png
Xvfb -displayfd 3 -screen 0 1280x720x24 3>display 2>/dev/null &
wait_for "a display" test -s display
DISPLAY=:$(cat display)
export DISPLAY
SDL_VIDEODRIVER=x11 exec_kiosk files:held --set data=shown --set pace=real --set clock=trust --set window=1280x720 --set theme=light >shown.jsonl 2>window.log &
kiosk=$!
wait_for "the console" drawn 20,160 # its tabs: left of the margin that guests' screens keep
xdotool type zs
xdotool key Return
wait_for "a check-in by hand" grep -q '"by":"hand"' shown.jsonl
wait_for "what can be done for who is in" drawn 740,360
asks_why() { click 560 395 && drawn 1200,250; } # the button lives as soon as the records are known
wait_for "the reasons" asks_why
click 300 250 # the first one
wait_for "the record that takes it back" has_undo
click 1200 50 # close
wait_for "the guests' screen" blank 20,160
kill -TERM $kiosk
wait $kiosk || fail "the kiosk failed: $(cat window.log)"
verify_journal shown shown.txt
grep -q '"verdict":"admit","by":"hand","operator":"值班1"' shown.txt || fail "nobody was checked in by hand: $(cat shown.txt)"
[ "$(grep -c '"kind":"undo"' shown.txt)" = 1 ] || fail "not one undo: $(cat shown.txt)"
grep '"kind":"undo"' shown.txt | grep -q '"note":"点错了人"' || fail "no reason: $(cat shown.txt)"
