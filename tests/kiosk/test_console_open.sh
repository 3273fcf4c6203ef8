#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How the staff console opens and closes: by a card before the camera, with the day's check first; by keys and a PIN, which
# sees no people, and not by wrong ones; a hand-over with a note; and by itself after two minutes without a touch. The
# kiosk's time is the frames', one a second.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_console.sh
. "$src/tests/kiosk/lib_console.sh"

make_event meetup 3
operators meetup Chen desk
build_pack meetup
guests meetup
pin=$(printf '%s\n' 246810 | "$bin/yingbin-kiosk" --hash-pin) || fail "no hash of the PIN"

start_console --set pace=fast --set "${pin/ = /=}"
on idle

say "a card: the day's check first, then the search"
show Chen
on "console *sheet=opening*"
picture opening
tap 'do' # nobody looked at the clock
on "console *sheet=pass*"
tap reason 1
on "console *sheet=none*"

say "whoever is scanned meanwhile is served, and a half-typed name stays"
written z
on "console *typed=1 *"
show guest-1
pass 2
grep -q '"attendee":"1".*"by":"camera"' <(tail -n +1 -f --pid="$kiosk" shown.jsonl | grep -m1 verdict) || fail "guest 1 isn't served"
keys Tab # Recent
on "console tab=recent *typed=1 *"

say "a hand-over with a note"
tap tab 2
on "console tab=today *"
pass 1
picture today
tap sheet 7
on "console *sheet=handover*"
written box
tap 'do'
comes_to said.handover
tap back
on "console tab=today sheet=none*"

say "closed by itself after two minutes without a touch, not before"
keys Escape # closes from a tab; opened once more for the count
on idle
show Chen
on "console *sheet=none*"
written zh
on "console *typed=2 *"
pass 100 # not to the second: some may still be in the pipe
tap tab 1
on "console tab=recent*"
pass 100 # not to the second: some may still be in the pipe
tap tab 0
on "console tab=search *typed=2 *"
pass 125
on idle

say "a PIN: wrong ones open nothing and lock it, the right one sees nobody"
keys ctrl+alt+s
on "console *sheet=pin*"
for wrong in 1 2 3 4 5; do
  written "11111$wrong"
  keys Return
  comes_to "why.pin_w*"
done
written 246810
keys Return
comes_to why.pin_wait
picture locked
pass 80 # some may still be in the pipe
written 246810
keys Return
on "console *sheet=none*"
written zs
on "console *found=0 typed=2 *"
picture pin
tap close
on idle
end_kiosk

verify_journal shown
records export.jsonl \
  '"kind":"shift".*"operator":"Chen".*"note":"[^"]*不影响签到' \
  '"kind":"scan".*"attendee":"1".*"verdict":"admit","by":"camera"' \
  '"kind":"shift".*"operator":"Chen".*"note":"[^"]*box'
