#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Somebody without a code before the real kiosk, in a window: the button, a phone number by touch, the masked
# name, in. Neither the number nor the whole name is told.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/kiosk/lib_window.sh
. "$src/tests/kiosk/lib_window.sh"

make_event meetup 1
sed -i 's/^title.en = Saturday meetup/&\nself_lookup = phone/' meetup/pack.ini
printf 'number,name,phone\n1,欧阳晓晴,13800000001\n2,李雷,13800000002\n' >meetup/people.csv
build_pack meetup
grep -q '"phones":2' meetup.built || fail "no index: $(cat meetup.built)"
grep -q 'phone numbers by trying' meetup.built || fail "nobody was warned: $(cat meetup.built)"
[ "$(stat -c %a meetup/phones.csv)" = 600 ] || fail "phones.csv is open to others"

start_display
: >window.log
SDL_VIDEODRIVER=x11 exec_kiosk none --set data=shown --set pace=real --set clock=trust --set window="$window" --set lang=zh-Hans --set theme=light \
  --set log=debug >shown.jsonl 2>>window.log &
kiosk=$!
follow "$kiosk"
on idle
tap no_code
on "self typing typed=0"
number=13800000001
for ((n = 0; n < ${#number}; n++)); do
  tap digit "$(printf %d "'${number:n:1}")"
  on "self typing typed=$((n + 1))"
done
tap find
on "self choosing *"
picture masked
tap me
wait_for "the welcome" grep -q '"verdict":"admit"' shown.jsonl
grep -q '"name":"欧\*\*\*","by":"tap"' shown.jsonl || fail "not masked, or not by tap: $(cat shown.jsonl)"
end_well "$kiosk" window.log
unfollow
verify_journal shown shown.txt
grep -q '"attendee":"1".*"verdict":"admit","by":"tap"' shown.txt || fail "no record of it: $(cat shown.txt)"
if grep -raqE '13800000001|欧阳' shown shown.jsonl window.log; then fail "a number or a name is kept"; fi
