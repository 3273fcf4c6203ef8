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
