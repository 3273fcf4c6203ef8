#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a lead does on the console of a real kiosk: takes back what another one let in, sets station, a full group chat, mirror, volume,
# withdraws a card that was lost, exports to a stick, ends the day; and tells the time to a kiosk that nobody vouches for.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_console.sh
. "$src/tests/kiosk/lib_console.sh"

make_event meetup 0
printf '%s\n' number,name 1,张三 2,李四 3,王小明 >meetup/people.csv
cat >>meetup/pack.ini <<-INI
	[host kcc]
	name.zh-Hans = 社区
	group.qr = https://example.org/group
	[station meetup/hall]
	kind = entry
	label.zh-Hans = 大厅
INI
sed -i 's/^event = meetup$/&\nhost = kcc/' meetup/pack.ini
operators meetup Lin lead Chen desk
build_pack meetup
guests meetup
mkdir stick

group_shown() { # whether the group's code is on the screen
  import -window root png:group.png && grep -q example.org/group <(yingbin scan group.png)
}

start_console --set station=meetup/door --set export_to=stick --set "shutdown_command=touch $PWD/off"
on idle
show guest-1
on welcome
group_shown || fail "the welcome has no group's code"

say "what another one let in is taken back"
opened_by Chen
written wxm
on "console *found=1 *"
tap row_admit 0
comes_to said.admitted
tap close
on idle
opened_by Lin
tap tab 1
on "console tab=recent*"
tap undo 0
on "console *sheet=undo*"
tap reason 0
on "console tab=recent sheet=none*"
picture undone

say "another station"
tap tab 4
on "console tab=settings*"
picture settings
tap sheet 8
on "console *sheet=station*"
tap choose 1
on "console tab=settings sheet=none*"

say "a group that is full"
tap sheet 9
on "console *sheet=group*"
tap choose 0
comes_to nothing
picture group
tap back
on "console *sheet=none*"

say "mirror and volume"
tap set 0
on "console *mirror=off volume=8"
tap set_less 1
on "console *mirror=off volume=7"

say "a card that was lost"
tap sheet 11
on "console *sheet=withdraw*"
tap choose 0 # it was used here
on "console *sheet=withdraw*typed=4 *"
tap 'do'
comes_to said.withdrawn
picture withdrawn
tap back
on "console *sheet=none*"

say "the hub, which needs its key"
tap sheet 17
on "console *sheet=hub*"
tap 'do'
comes_to why.no_hub_key
picture hub
tap back
on "console *sheet=none*"

say "the export to a stick"
tap sheet 12
on "console *sheet=export*"
tap choose 0
comes_to said.exported
picture exported
[ "$(find stick -name '*.jsonl' | wc -l)" = 1 ] || fail "one file was expected: $(ls stick)"
yingbin log verify stick/*.jsonl >exported.jsonl || fail "what was exported doesn't verify"
tap close
on idle

say "no group's code any more; the lost card opens nothing"
show guest-2
on welcome
if group_shown; then fail "the full group's code is still shown"; fi
show Chen
on not_a_ticket
picture lost

say "it was found again"
opened_by Lin
tap tab 4
on "console tab=settings*"
tap sheet 11
on "console *sheet=withdraw*"
tap choose 0
comes_to said.valid_again
tap close
on idle
pass 4
show Chen
on "console *"
tap close
on idle

say "the end of the day"
opened_by Lin
tap tab 4
on "console tab=settings*"
tap sheet 14
on "console *sheet=shutdown*"
picture shutdown
tap 'do'
wait "$kiosk" || fail "the kiosk failed: $(grep -v ': debug:' window.log)"
[ -e off ] || fail "shutdown_command wasn't run"

say "the time, to a kiosk that doesn't know it"
start_console --set station=meetup/door --set clock=adrift
on idle
opened_by Lin
tap tab 4
on "console tab=settings*"
tap sheet 10
on "console *sheet=clock*typed=16 *"
keys BackSpace BackSpace
on "console *sheet=clock*typed=14 *"
written 59 # the minute
on "console *sheet=clock*typed=16 *"
tap 'do'
on "console *sheet=none*"
picture clock
tap close
on idle
end_kiosk

verify_journal shown
records export.jsonl \
  '"kind":"scan".*"station":"meetup/door".*"attendee":"1".*"verdict":"admit"' \
  '"kind":"scan".*"attendee":"3".*"verdict":"admit","by":"hand","operator":"Chen"' \
  '"kind":"undo".*"attendee":"3".*"operator":"Lin"' \
  '"kind":"system".*"operator":"Lin".*"note":"station' \
  '"kind":"system".*"operator":"Lin".*"note":"group' \
  '"kind":"system".*"operator":"Lin".*"note":"[^"]*Chen' \
  '"kind":"system".*"operator":"Lin".*"note":"export' \
  '"kind":"scan".*"station":"meetup/hall".*"attendee":"2".*"verdict":"admit"' \
  '"kind":"system".*"operator":"Lin".*"note":"shut' \
  '"kind":"clock".*"operator":"Lin".*"wall":"[^"]*:59:.*"wall_ok":true.*"note":"source=operator'
