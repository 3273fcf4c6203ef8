#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Practice tickets run the whole path, before and beside real ones: greeted with a mark, in the journal,
# in no count; badges, lists and real tickets leave them out.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

make_event meetup 2
yingbin tickets meetup -o practice --practice >made.jsonl 2>made.log || fail "no practice tickets: $(cat made.log)"
[ "$(field tickets <made.jsonl)" = 5 ] || fail "five practice tickets were expected: $(cat made.jsonl)"
expect_problem made.log 重新制作活动包 'Build the pack again'
for tool in pdftotext convert xmllint; do command -v $tool >/dev/null || skip "there is no $tool"; done
number=$(sed -n 2p practice/tickets.csv | cut -d, -f1)
for lang in 'zh-Hans 练习票' 'zh-Hant 練習票' 'en PRACTICE'; do
  for form in pdf svg html; do
    yingbin tickets meetup -o marked --as $form --practice --lang "${lang%% *}" >/dev/null 2>&1 || fail "no practice tickets as $form"
  done
  grep -qF "${lang#* }" <(pdftotext "marked/$number.pdf" - 2>/dev/null) || fail "a PDF of practice isn't marked in ${lang%% *}"
  grep -qF "${lang#* }" <(xmllint --xpath 'string(//*[local-name()="title"])' "marked/$number.svg") || fail "an SVG of practice isn't marked in ${lang%% *}"
  grep -qF "<p class=\"mark\">${lang#* }" "marked/$number.html" || fail "a page of practice isn't marked in ${lang%% *}"
done
[ "$(convert "practice/$number.png" -crop 1x1+20+20 -format '%[hex:p{0,0}]' info:)" = 92400E ] || fail "no band on the picture of a practice ticket"
if [ -e meetup/sent.csv ]; then fail "a practice ticket counts as sent"; fi
yingbin tickets meetup -o tickets >made.jsonl 2>/dev/null
if grep -qv FFFFFF <(find tickets -name '*.png' -exec convert {} -crop 1x1+20+20 -format '%[hex:p{0,0}]\n' info: \;); then fail "a real ticket is marked"; fi
[ "$(field tickets <made.jsonl)" = 2 ] || fail "two real tickets were expected: $(cat made.jsonl)"
build_pack meetup
[ "$(field attendees <meetup.built)" = 2 ] || fail "who practises is an attendee: $(cat meetup.built)"
yingbin badges meetup -o badges.pdf >made.jsonl 2>/dev/null
grep -q '"badges":2,' made.jsonl || fail "a badge of nobody"
yingbin list meetup -o list.pdf >made.jsonl 2>/dev/null
grep -q '"people":2,' made.jsonl || fail "nobody is on the list"

say "practice, again and again, then the real ones"
mkdir shown
number=$(sed -n 2p practice/tickets.csv | cut -d, -f1)
cp "practice/$number.png" shown/1-practice.png
for turn in 1 2; do
  kiosk_on "files:shown once" >practice.$turn.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
  grep -q '"verdict":"admit"' practice.$turn.jsonl || fail "turn $turn isn't admitted: $(cat practice.$turn.jsonl)"
done
rm shown/* && cp tickets/*.png shown/
kiosk_on "files:shown once" >real.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
[ "$(grep -c '"verdict":"admit"' real.jsonl)" = 2 ] || fail "not two real ones admitted: $(cat real.jsonl)"
verify_journal data
[ "$(grep -c '"kind":"practice".*"verdict":"admit"' export.jsonl)" = 2 ] || fail "practice isn't in the journal under its own kind"
[ "$(grep -c '"kind":"scan".*"verdict":"admit"' export.jsonl)" = 2 ] || fail "not two admissions in the journal"
counted=$(sql -readonly data/journal.db 'select sum(admission) from record')
[ "$counted" = 2 ] || fail "the journal counts $counted"

say "a real person isn't practice"
sed -i '1s/$/,attention/; 2s/$/,practice/; 3s/$/,/' meetup/people.csv
code=0 && yingbin pack build meetup -o none.ybp --key org.key >out 2>err || code=$?
[ "$code" = 1 ] || fail "exit code $code for a real person who practises"
expect_problem err '第 2 行：practice' 'line 2: practice'
