#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The walk-through: a new folder, and every command of the README on it unchanged, in both languages and
# with either roster; the kiosk admits one of its people; the paper list.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

for tool in pdftotext pdftoppm zbarimg unzip; do command -v $tool >/dev/null || skip "there is no $tool"; done
yingbin key new org 2>key.log

for lang in zh en; do
  say "$lang"
  yingbin new meetup --lang $lang --date 2023-10-28 >new.jsonl 2>new.log || fail "no new folder: $(cat new.log)"
  [ "$(stat -c %a meetup meetup/* | sort -u | tr '\n' ' ')" = "600 700 " ] || fail "the folder is open to others"
  [ "$(head -c 3 meetup/roster.csv)" = $'\xef\xbb\xbf' ] || fail "no mark by which spreadsheets know UTF-8"
  grep -q 13800000001 <(unzip -p meetup/roster.xlsx xl/sharedStrings.xml) || fail "a telephone number isn't a text in the workbook"
  grep -q 'numFmtId="49"' <(unzip -p meetup/roster.xlsx xl/styles.xml) || fail "the workbook's columns aren't text"
  cp -r meetup twice && rm -r twice/* && yingbin new twice --lang $lang --date 2023-10-28 >/dev/null 2>&1
  cmp meetup/roster.xlsx twice/roster.xlsx || fail "the same words give another workbook"
  rm -r twice

  build_pack meetup
  grep -q '"attendees":3,"weak_codes":0,.*"warnings":\["[^"]*2023-10-28 [^"]*"\]' meetup.built || fail "the pack of a new folder: $(cat meetup.built)"
  for form in png svg pdf html; do
    yingbin tickets meetup -o $form --as $form >/dev/null 2>form.log || fail "no tickets as $form: $(cat form.log)"
  done
  day='2023-10-28 周六' type=观众
  [ $lang = zh ] || day='Sat 2023-10-28' type=Attendee
  pdftotext pdf/1.pdf text 2>/dev/null
  for file in text html/1.html; do
    for word in "$day" "$type"; do grep -q "$word" $file || fail "a ticket in another language than the folder's: $(cat $file)"; done
  done
  yingbin badges meetup -o badges.pdf >badges.jsonl 2>badges.log || fail "no badges: $(cat badges.log)"
  grep -q '"badges":2,"pages":1,"left_out":1,"warnings":0' badges.jsonl || fail "not two badges: $(cat badges.jsonl)"
  yingbin list meetup -o list.pdf >list.jsonl 2>list.log || fail "no list: $(cat list.log)"
  yingbin card operator meetup --name 陈值班 --role desk -o card.pdf >/dev/null 2>card.log || fail "no card: $(cat card.log)"
  yingbin card setup meetup --hub http://192.0.2.1:8080 --kiosk door-1 -o setup.png >/dev/null 2>card.log || fail "no setup card: $(cat card.log)"
  pdftoppm -r 150 -png card.pdf card 2>/dev/null
  grep -q '^YBOP1:' <(zbarimg -q --raw card-1.png 2>/dev/null) || fail "the operator card can't be read"
  grep -q '^YBSET1:' <(zbarimg -q --raw setup.png 2>/dev/null) || fail "the setup card can't be read"

  mkdir shown && cp png/1.png shown/
  kiosk_on "files:shown once" >events.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
  grep -q '"verdict":"admit".*"attendee":"1"' events.jsonl || fail "the first one isn't admitted: $(cat events.jsonl)"

  sed -i 's/^\[roster roster.csv\]/[roster roster.xlsx]/' meetup/pack.ini
  build_pack meetup
  grep -q '"attendees":3' meetup.built || fail "the pack of the workbook: $(cat meetup.built)"
  yingbin new meetup --lang $lang >out 2>err && fail "a folder that is there is written over"
  expect_problem err 不会覆盖 'stays as it is'
  rm -rf meetup meetup.* png svg pdf html shown data
done

say "the paper list"
make_event meetup 0
cat >meetup/people.csv <<'CSV'
name,phone,organization,party
张三,13800001111,开源社,
单雄信,13800002222,,6
Alex 陈,+86 138 0000 3333,,
欧阳晓晴,,,
曾国,1380000444x,,
CSV
sed -i 's/^ends = .*/ends = 2023-10-29 18:00/' meetup/pack.ini
yingbin list meetup -o list.pdf >list.jsonl 2>list.log || fail "no list: $(cat list.log)"
grep -qx '{"people":5,"pages":1}' list.jsonl || fail "not five people on a page: $(cat list.jsonl)"
[ "$(stat -c %a list.pdf)" = 600 ] || fail "the list is open to others"
pdftotext -layout list.pdf text 2>/dev/null
grep -oE 'Alex|欧阳晓晴|单雄信|曾国|张三' text >order
printf '%s\n' Alex 欧阳晓晴 单雄信 曾国 张三 >expected
expect_same "the order by pinyin" expected order
for word in 1111 2222 3333 '单雄信 ×6' 周六聚会 现场登记 签到名单; do grep -qF "$word" text || fail "$word isn't on the list"; done
grep -q 13800001111 text && fail "a whole telephone number is on the list"
yingbin list meetup -o english.pdf --lang en >/dev/null 2>&1 || fail "no list in English"
pdftotext english.pdf text 2>/dev/null
for word in 'Check-in list' 'Saturday meetup' Walk-ins 'Personal data'; do grep -qF "$word" text || fail "$word isn't on the English list"; done
if grep -E '签到|手机|现场|个人' text; then fail "Chinese words on the English list"; fi
yingbin list meetup -o again.pdf >/dev/null 2>&1
cmp list.pdf again.pdf || fail "the same people give other bytes"
