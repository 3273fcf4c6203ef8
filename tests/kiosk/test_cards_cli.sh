#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Operator and setup cards from the command line, and what a stolen pack tells: no name, no phone number
# of the roster, in any encoding, and no operator.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
command -v strings >/dev/null || skip "there is no strings (binutils)"
command -v jq >/dev/null || skip "there is no jq"

make_event meetup 2
printf '[host kcc]\nname.zh-Hans = 开源社\n' >>meetup/pack.ini
printf '姓名,手机,邮箱,公司\n欧阳晓晴,13812345678,ouyang@example.com,示例科技\n阿卜杜热合曼·买买提,13987654321,,武当山\nAlexander 陈,13700001111,,\n' >meetup/people.csv
run() { # CODE ARGUMENT...
  local want=$1 code=0
  shift
  yingbin "$@" >out.txt 2>err.txt || code=$?
  [ "$code" = "$want" ] || fail "yingbin $*: exit code $code: $(cat err.txt)"
}

say "cards are made, kept and withdrawn"
run 0 card operator meetup --name 王小明 --role desk --host kcc -o desk.png
grep -qx '{"card":1,"name":"王小明","role":"desk","host":"kcc","file":"desk.png"}' out.txt || fail "$(cat out.txt)"
run 0 card operator meetup --name '组长 "A", B' --role lead -o lead.png
[ "$(stat -c %a meetup/cards.csv desk.png lead.png | paste -sd,)" = 600,600,600 ] || fail "a card or the list of cards is open to others"
desk=$(yingbin scan desk.png | jq -r '.texts[0]')
[[ "$desk" = YBOP1:* ]] || fail "the card reads '$desk'"
[ "$desk" != "$(yingbin scan lead.png | jq -r '.texts[0]')" ] || fail "two cards of one secret"
if grep -rqF "${desk#YBOP1:}" meetup; then fail "the secret is kept"; fi
run 0 card operator meetup --withdraw 1
grep -q '^1,"王小明",desk,kcc,[0-9a-f]\{64\},withdrawn$' meetup/cards.csv || fail "$(cat meetup/cards.csv)"
expect_problem err.txt '重新制作活动包' 'build the pack again'
run 0 card operator meetup --name 李雷 --role desk -o third.png
grep -q '^3,"李雷"' meetup/cards.csv || fail "an id was reused: $(cat meetup/cards.csv)"

say "what is wrong"
cp meetup/cards.csv kept.csv
run 1 card operator meetup --name a --role desk --host tidb -o x.png
expect_problem err.txt '没有 \[host tidb\]' 'no section \[host tidb\]'
run 2 card operator meetup --name a --role boss -o x.png
run 2 card operator meetup --role desk -o x.png
run 1 card operator meetup --withdraw 9
run 1 card operator nowhere --name a --role desk -o x.png
run 1 card operator meetup --name a --role desk -o no/such/x.png
cmp meetup/cards.csv kept.csv || fail "a card that wasn't made is listed"
[ ! -e x.png ] || fail "a card that isn't registered was left"
sed -i 's/,lead,/,boss,/' meetup/cards.csv
run 1 pack build meetup -o x.ybp --key org.key
expect_problem err.txt 'cards.csv 第 3 行已损坏' 'cards.csv, line 3 is damaged'
sed -i '4s/,desk,/,boss,/' meetup/cards.csv
run 1 card operator meetup --name a --role desk -o x.png
for line in 3 4; do expect_problem err.txt "cards.csv 第 $line 行已损坏" "cards.csv, line $line is damaged"; done
cp kept.csv meetup/cards.csv
cp meetup/pack.ini kept.ini
printf 'colour = green\nno equals sign\n' >>meetup/pack.ini
lines=$(grep -c '' meetup/pack.ini)
for command in 'operator meetup --name a --role desk' 'operator meetup --withdraw 3' 'setup meetup --hub https://hub --kiosk door-2'; do
  # shellcheck disable=SC2086 # a command and its arguments
  run 1 card $command -o x.png
  for line in $((lines - 1)) "$lines"; do expect_problem err.txt "pack.ini 第 $line 行" "pack.ini, line $line"; done
done
mv kept.ini meetup/pack.ini

say "a setup card"
run 0 card setup meetup --hub https://hub.example:8443 --kiosk door-1 --stations meetup/door --pub org.pub -o setup.png
yingbin scan setup.png | jq -r '.texts[0]' >setup.txt
grep -q '^YBSET1:' setup.txt || fail "$(cat setup.txt)"
grep -qE '^door-1,[0-9a-f]{64},$' meetup/kiosks.csv || fail "$(cat meetup/kiosks.csv)"
run 0 card setup meetup --hub https://hub.example:8443 --kiosk door-1 -o again.png
[ "$(wc -l <meetup/kiosks.csv)" = 2 ] || fail "a second card for a kiosk takes the first one's place: $(cat meetup/kiosks.csv)"
run 1 card setup meetup --hub ftp://hub --kiosk door-1 -o x.png
run 1 card setup meetup --hub https://hub --kiosk door-1 --stations meetup/gate -o x.png
run 2 card setup meetup --hub https://hub --kiosk 'door 1' -o x.png

say "in plain words: what it opens and whom to give it, in each language"
command -v pdftotext >/dev/null || skip "there is no pdftotext"
card_says() { # LANG OPENS CARE SETUP-CARE
  run 0 card operator paper --name Kim --role desk --lang "$1" -o card.pdf
  pdftotext card.pdf text 2>/dev/null
  for word in "$2" "$3" Kim; do grep -qF "$word" text || fail "$word isn't on the card in $1: $(cat text)"; done
  run 0 card setup paper --hub https://hub.example --kiosk door-9 --lang "$1" -o card.pdf
  pdftotext card.pdf text 2>/dev/null
  grep -qF "$4" text || fail "$4 isn't on the setup card in $1: $(cat text)"
}
cp -r meetup paper
card_says zh-Hans 打开工作台 只交给卡上写着的这一位 只交给布置这台签到机的人
card_says zh-Hant 打開工作臺 只交給卡上寫著的這一位 只交給佈置這台簽到機的人
card_says en 'it opens the console' 'Give it to the person named on it' 'Give it to whoever sets this kiosk up'
if grep -P '\p{Han}' text; then fail "Chinese on an English card"; fi

say "a stolen pack"
build_pack meetup
looks_for() { # TEXT: it is nowhere in the pack
  local encoding
  for encoding in UTF-8 GB18030 BIG5 UTF-16LE UTF-16BE; do
    printf '%s' "$1" | iconv -f UTF-8 -t "$encoding" >needle 2>/dev/null || continue
    if LC_ALL=C grep -qaF -f needle meetup.ybp; then fail "$1 is in the pack in $encoding"; fi
  done
  for form in s l b; do
    if grep -qF -- "$1" <(strings -n 3 -e "$form" meetup.ybp); then fail "strings -e $form shows $1"; fi
  done
}
for text in 欧阳晓晴 欧阳 阿卜杜 买买提 Alexander 示例科技 武当山 13812345678 5678 4321 1111 ouyang alexander example.com 王小明 李雷 组长; do looks_for "$text"; done
LC_ALL=C grep -qaF 周六聚会 meetup.ybp || fail "not even the event's title is found: the search is no good"
run 0 pack show meetup.ybp
grep -q '"cards":2' out.txt || fail "two cards are valid: $(cat out.txt)"
grep -q '"attendees":3' meetup.built || fail "$(cat meetup.built)"

say "more of them where the organizer asks for it: still sealed"
sed -i 's/^name = meetup$/&\nsearch.contacts = full/' meetup/pack.ini
build_pack meetup
for text in 13812345678 ouyang@example.com; do looks_for "$text"; done
