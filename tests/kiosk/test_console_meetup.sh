#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A meetup on the spot: a kiosk without a pack and without a computer beside it is told a title and an end by touch; whoever comes
# is counted, and the log says so, after a restart in the middle, too.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/kiosk/lib_console.sh
. "$src/tests/kiosk/lib_console.sh"

start_console --set pack= --set pub= --set pace=fast
on fault
picture none
tap meetup
on "console *sheet=meetup*"
written "Night market"
on "console *typed=12 *"
picture title
tap reason 1 # three hours
on open
picture open
for n in 1 2 3; do
  tap presence
  on presence
  pass 6 # the next one stands there
  on open
done
keys space
on presence
picture counted
end_kiosk
[ "$(field verdict <shown.jsonl | sort | uniq -c | xargs)" = "4 admit" ] || fail "four were expected: $(cat shown.jsonl)"

say "it goes on after a restart"
start_console --set pack= --set pub= --set pace=fast
on open
tap presence
on presence
end_kiosk

verify_journal shown
[ "$(grep -c '"kind":"scan".*"verdict":"admit","by":"tap"' export.jsonl)" = 5 ] || fail "five taps were expected: $(cat export.jsonl)"
grep -q '"kind":"system".*Night market' export.jsonl || fail "no title in: $(cat export.jsonl)"
