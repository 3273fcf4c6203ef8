#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A person is forgotten: out of each roster, whatever its encoding, with every other byte as it was; out of
# codes, sent tickets and the next pack; the number is never given again, and the log still verifies.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

for tool in iconv sqlite3; do command -v $tool >/dev/null || skip "there is no $tool"; done

make_event meetup 0
printf '[roster more.csv]\nevent = meetup\n[roster wide.csv]\nevent = meetup\n' >>meetup/pack.ini
printf '\xef\xbb\xbf姓名;手机;单位\r\n张三;13800000001;"两行的\r\n单位"\r\n李四;13800000002;"甲;乙"\r\n王五;13800000003;"三行\r\n的\r\n"\r\n赵六;13800000004;丙' >meetup/people.csv
printf '姓名,手机\n李四,13800000002\n孙七,13800000007\n' | iconv -t GB18030 >meetup/more.csv
printf '姓名\t手机\n周八\t13800000008\n李四\t13800000002\n' | { printf '\xff\xfe' && iconv -t UTF-16LE; } >meetup/wide.csv
cp -r meetup before
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log || fail "no tickets: $(cat tickets.log)"
number=$(grep -a 李四 tickets/tickets.csv | cut -d, -f1)
last=$(cut -d, -f2 meetup/codes.csv | sort -n | tail -n 1)
mkdir shown && cp "tickets/$number.png" shown/
kiosk_on "files:shown once" >events.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"

verify_journal data
yingbin log merge export.jsonl --roster meetup -o merged >/dev/null 2>merge.log || fail "no merge: $(cat merge.log)"
grep -rqF 李四 merged || fail "the name isn't in the merged lists"

say "a number that nobody has changes nothing"
cp -r meetup same
code=0 && yingbin forget meetup --number 999 >out 2>err || code=$?
[ "$code" = 1 ] || fail "exit code $code for a number that nobody has"
expect_problem err 没有编号 'no number 999'
diff -r same meetup || fail "something was changed"

say "forgotten"
cp merged/merged.jsonl log.before
yingbin forget meetup --number "$number" --tickets tickets --merged merged >forgot.jsonl 2>forgot.log || fail "not forgotten: $(cat forgot.log)"
grep -qx "{\"forgotten\":\"$number\",\"rows\":3,\"tickets\":1}" forgot.jsonl || fail "not three rows and a ticket: $(cat forgot.jsonl)"
expect_problem forgot.log '只有编号和码的加密散列|编号和码的加密散列' 'keyed hash of the code'
grep -raqF 李四 meetup tickets && fail "the name is still there: $(grep -raF 李四 meetup tickets)"
grep -raqF -e 李四 -e 13800000002 merged && fail "a merged list still tells who it was: $(grep -raF 李四 merged)"
if command -v unzip >/dev/null && grep -qF 李四 <(unzip -p merged/attendance.xlsx); then fail "the workbook still names them"; fi
cmp merged/merged.jsonl log.before || fail "the merged log isn't what it was"
grep -q "^$number,," merged/attendance.csv || fail "the number isn't in the list: $(cat merged/attendance.csv)"
mkdir strange
code=0 && yingbin forget meetup --number "$number" --merged strange >out 2>err || code=$?
[ "$code" = 1 ] || fail "exit code $code for a folder without a merged log"
expect_problem err '没有 merged.db' 'has no merged.db'
grep -raqF 13800000002 meetup tickets && fail "the telephone number is still there"
if command -v unzip >/dev/null; then
  unzip -p tickets/tickets.xlsx xl/sharedStrings.xml >texts
  grep -q 张三 texts || fail "others are no longer in the workbook of tickets"
  if grep -q 李四 texts; then fail "the name is still in the workbook of tickets"; fi
fi
printf '\xef\xbb\xbf姓名;手机;单位\r\n张三;13800000001;"两行的\r\n单位"\r\n王五;13800000003;"三行\r\n的\r\n"\r\n赵六;13800000004;丙' >expected
cmp meetup/people.csv expected || fail "another byte of the roster was changed"
printf '姓名,手机\n孙七,13800000007\n' | iconv -t GB18030 | cmp - meetup/more.csv || fail "another byte of the GB18030 roster was changed"
{ printf '\xff\xfe' && printf '姓名\t手机\n周八\t13800000008\n' | iconv -t UTF-16LE; } | cmp - meetup/wide.csv || fail "another byte of the UTF-16 roster was changed"
[ "$(stat -c %a meetup/people.csv meetup/codes.csv | sort -u)" = 600 ] || fail "open to others"

say "the next pack doesn't know them, the number isn't given again, the log verifies"
echo '钱九,13800000009' | iconv -t GB18030 >>meetup/more.csv
build_pack meetup
kiosk_on "files:shown once" --set allow_build=0 --set data=new >events.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
grep -q '"verdict":"unknown"' events.jsonl || fail "the code is still known: $(cat events.jsonl)"
[ "$(grep "^person,$number," meetup/codes.csv)" = "person,$number,,meetup,,,,,," ] || fail "the number isn't kept empty: $(cat meetup/codes.csv)"
grep -q "^person,$((last + 1)),.*钱九" meetup/codes.csv || fail "who came later has another's number: $(cat meetup/codes.csv)"
verify_journal data
grep -q "\"attendee\":\"$number\"" export.jsonl || fail "the log lost its record"

say "the same again is harmless; a workbook is named with its line"
yingbin forget meetup --number "$number" >forgot.jsonl 2>/dev/null || fail "twice is an error"
grep -q '"rows":0' forgot.jsonl || fail "there were rows left: $(cat forgot.jsonl)"
yingbin new book --lang en >/dev/null 2>&1
sed -i 's/^\[roster roster.csv\]/[roster roster.xlsx]/' book/pack.ini
yingbin tickets book -o none >/dev/null 2>&1 || fail "no tickets of the workbook"
cp -r book same2
code=0 && yingbin forget book --number 2 >out 2>err || code=$?
[ "$code" = 1 ] || fail "exit code $code for a workbook"
expect_problem err '第 3 行：请在 Excel' 'line 3: delete this line'
diff -r same2 book || fail "something was changed"
