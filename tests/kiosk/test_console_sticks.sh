#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A lead exports on the console of a real kiosk to sticks that are really mounted: full, write-protected, broken in the middle, pulled
# out. Each says why nothing came of it and holds nothing that anybody would take for an export; then one is good.
# shellcheck source=tests/kiosk/lib_sticks.sh
. "$(dirname "$0")/lib_sticks.sh"
# shellcheck source=tests/kiosk/lib_console.sh
. "$src/tests/kiosk/lib_console.sh"

mkdir room
nothing_on() { # NAME
  if grep -q . <(find "room/$1" -name '*.jsonl' -o -name '*.part-*'); then fail "$1 holds something: $(find "room/$1")"; fi
}

make_event meetup 3
operators meetup Lin lead
build_pack meetup
start_console --set station=meetup/door
on idle
opened_by Lin
tap tab 4
on "console tab=settings*"

export_says() { # STICK WHAT
  put_in "$1"
  tap sheet 12
  on "console *sheet=export*"
  tap choose 0
  comes_to "$2"
}
gone() {
  pull_out
  tap back
  on "console *sheet=none*"
}

say "full"
make_stick full 512
head -c 10M /dev/zero >room/full/photos 2>/dev/null || true
export_says full health.stick.full
picture full
nothing_on full
gone

say "write-protected"
make_stick locked 2048
mount -o remount,ro room/locked
export_says locked health.stick.read_only
picture locked
gone

say "broken: what is written goes nowhere"
make_stick broken 4096
truncate -s 64K broken.img && losetup -c "$loop"
export_says broken why.place_bad
if grep -q . <(find room/broken -name '*.jsonl'); then fail "an export on a broken stick: $(find room/broken)"; fi
gone

say "pulled out before it is chosen"
put_in full
tap sheet 12
while [ -z "${places[choose 0]-}" ]; do next_screen "the stick on the screen"; done
pull_out
tap choose 0
comes_to why.place_gone
tap back
on "console *sheet=none*"

say "the full one has room again, and is put in while the console waits for one"
rm room/full/photos
tap sheet 12
on "console *sheet=export*"
put_in full
tap choose 0
comes_to said.exported
yingbin log verify room/full/*.jsonl >verified.jsonl || fail "what was exported doesn't verify"
gone
tap close
on idle

say "one with a folder for exports: idle says that it can be taken out"
import -window root png:before.png
make_stick other 2048
mkdir room/other/yingbin-export
put_in other
told() { grep -qF "info: $1" window.log; }
wait_for "the export" told 'exported'
lower_edge() { convert "$1" -gravity South -crop 100%x12%+0+0 +repage "rgb:$1.edge"; }
lower_edge before.png
says() { import -window root png:after.png && lower_edge after.png && ! cmp -s before.png.edge after.png.edge; }
wait_for "a word of it on the screen" says
end_kiosk
verify_journal shown
[ "$(grep -c '"operator":"Lin".*"note":"exported ' export.jsonl)" = 1 ] || fail "not one export in the journal: $(cat export.jsonl)"
