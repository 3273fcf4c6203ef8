#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the staff console does for people, by touch in a real window: somebody found and let in, the rest of a party, one more with
# the same code, a walk-in with a name, a name put right by which they are greeted, an undo with its reason.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_console.sh
. "$src/tests/kiosk/lib_console.sh"

make_event meetup 0
cat >meetup/people.csv <<-CSV
	number,name,party
	1,张三,1
	2,李四,3
	3,王小明,1
CSV
yingbin key new seal --for seal 2>>key.log
sed -i 's/^name = meetup$/&\nseal = ..\/seal.pub/; s/^again = stop$/again = welcome/' meetup/pack.ini
operators meetup Chen desk
build_pack meetup
guests meetup

start_console --set lang=zh-Hans
opened_by Chen
picture opened

say "two letters and a tap: in"
written zs
on "console tab=search sheet=none said=nothing found=1 *"
tap row_admit 0
comes_to said.admitted

say "a tap and a reason: out"
tap row 0
on "console *sheet=person*"
tap undo -1
on "console *sheet=undo*"
tap reason 1
comes_to said.undone
tap back
on "console *sheet=none*"

say "a party: one, then the rest, then one more with the same code"
keys Escape
on "console *found=0*"
written ls
on "console *found=1 *"
tap row 0
tap do_one
comes_to said.admitted
tap 'do'
comes_to said.admitted
picture party
tap do_one
comes_to said.admitted
tap back
on "console *sheet=none*"

say "a walk-in with a name"
keys Escape
on "console *found=0*"
tap walkin
on "console *sheet=walkin*"
written Ada
tap 'do'
comes_to said.walkin
picture walkin
tap back
on "console *sheet=none*"

say "a corrected name, by which they are greeted"
written wxm
on "console *found=1 *"
tap row 0
tap name
on "console *sheet=name*"
written Wang
tap 'do'
comes_to said.renamed
picture renamed
tap close
on idle
show guest-3
on welcome
picture greeted
end_kiosk

verify_journal shown
records export.jsonl \
  '"kind":"scan".*"attendee":"1".*"verdict":"admit","by":"hand","operator":"Chen"' \
  '"kind":"undo".*"operator":"Chen".*"note":"本人没有来"' \
  '"kind":"scan".*"attendee":"2".*"verdict":"admit","by":"hand","operator":"Chen","count":1' \
  '"kind":"scan".*"attendee":"2".*"verdict":"admit","by":"hand","operator":"Chen","count":2' \
  '"kind":"scan".*"attendee":"2".*"verdict":"admit","by":"hand","operator":"Chen","count":1.*"override":"again"' \
  '"kind":"scan".*"verdict":"admit","by":"hand","operator":"Chen".*"sealed":"' \
  '"kind":"correct".*"attendee":"3".*"sealed":"' \
  '"kind":"scan".*"attendee":"3".*"verdict":"admit","by":"camera"'
if grep -qE 'Ada|Wang|张三' export.jsonl; then fail "a name is in the log as it is"; fi
[ "$(field name <shown.jsonl | tail -n 1)" = Wang ] || fail "not greeted by the corrected name: $(tail -n 1 shown.jsonl)"
