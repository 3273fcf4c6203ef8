#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The page on a volunteer's phone in Chromium, from the code on the real kiosk's console to signing out (phone.mjs). Screenshots
# stay in the story's folder, shots/.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/../kiosk/lib.sh"
# shellcheck source=tests/kiosk/lib_phone.sh
. "$src/tests/kiosk/lib_phone.sh"
# shellcheck source=tests/web/lib.sh
. "$src/tests/web/lib.sh"

say "a kiosk, and a lead's card before its camera"
make_event meetup 0
cat >meetup/people.csv <<-'CSV'
	number,name,organization,phone,party
	1,张三,开源社,13800001234,1
	2,<b>李四</b>,武当山开源技术委员会广州分会,13800005678,3
	3,张晓晴,KCC,13800009999,1
CSV
yingbin card operator meetup --name 组长 --role lead -o card.png >cards.log 2>&1 || fail "no card: $(cat cards.log)"
build_pack meetup
show_card card.png
start_kiosk files:held
open_phone_sheet
MODULES=$modules URL=$url TOKEN=$token node "$src/tests/web/phone.mjs" || fail "see above; $(cat window.log)"
end_kiosk

verify_journal shown
[ "$(grep -c '"by":"phone","operator":"组长"' export.jsonl)" = 6 ] || fail "six check-ins by phone were expected: $(cat export.jsonl)"
[ "$(grep -c '"kind":"undo"' export.jsonl)" = 1 ] || fail "one undo was expected: $(cat export.jsonl)"
grep -q 'phone of 组长 signed out' export.jsonl || fail "nobody signed out: $(cat export.jsonl)"
