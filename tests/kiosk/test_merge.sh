#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The evening of an organizer: two kiosks' exports become one log, in any order the same bytes; names come
# from the rosters, which come back with who came; what is wrong with a file is named with its line.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

refused() { # CODE CHINESE ENGLISH ARGUMENT...
  local want=$1 zh=$2 en=$3 code=0
  shift 3
  yingbin log merge "$@" >refused.jsonl 2>refused.log || code=$?
  [ "$code" = "$want" ] || fail "log merge $*: exit code $code, not $want: $(cat refused.log)"
  expect_problem refused.log "$zh" "$en"
  [ ! -s refused.jsonl ] || fail "output for what failed"
}
merge() { # OUT FILE...
  local out=$1
  shift
  yingbin log merge "$@" --roster meetup -o "$out" >"$out.told" 2>"$out.log" || fail "no merge: $(cat "$out.log")"
}

make_event meetup 0
cat >>meetup/pack.ini <<-INI
	[host kcc]
	name.zh-Hans = 开源社
	[host tidb]
	name.zh-Hans = 数据库社区
	[roster more.csv]
	event = meetup
	host = tidb
INI
sed -i 's/^\[roster people.csv\]/&\nhost = kcc/' meetup/pack.ini
printf '活动报名表,,\n备注,姓名,手机\n第一个,参会者1,13800000001\n=1+1,@参会者2,13800000002\n,参会者3,13800000003\n,,\n"两行\n字",参会者4,13800000004\n' >meetup/people.csv
printf '姓名\t公司\n参会者5\t甲\n参会者6\t乙\n' | iconv -t GB18030 >meetup/more.csv
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log || fail "no tickets: $(cat tickets.log)"
mkdir first second
cp tickets/{1,2,5}.png first/
cp tickets/{2,3,5}.png second/
kiosk_on "files:first once" --set kiosk=door-1 --set data=one >one.lines 2>one.log || fail "the kiosk failed: $(cat one.log)"
kiosk_on "files:second once" --set kiosk=door-2 --set data=two --set clock_start=$((noon + 60000)) >two.lines 2>two.log || fail "the kiosk failed: $(cat two.log)"
verify_journal one 1.jsonl
verify_journal two 2.jsonl

say "any order, any number of times: the same bytes"
merge out 1.jsonl 2.jsonl
merge again 2.jsonl 1.jsonl 2.jsonl
diff -r out again || fail "another order, other bytes"
[ "$(field people <out.told)/$(field conflicts <out.told)/$(field findings <out.told)" = 4/2/0 ] || fail "not 4 people and 2 conflicts: $(cat out.told)"
[ "$(stat -c %a out out/* | sort -u | tr '\n' ' ')" = "600 700 " ] || fail "open to others: $(stat -c '%a %n' out/*)"
if grep -q . <(find out -name '*.part-*' -o -name '.merge-*'); then fail "something is left: $(ls -a out)"; fi
grep '"ruling":"counts"' out/merged.jsonl | field attendee | sort >found
printf '%s\n' 1 2 3 5 >expected
expect_same "who counts" expected found
if grep -q 参会者 out/merged.jsonl; then fail "a name is in the log"; fi

say "the lists"
tail -n +2 out/attendance.csv | cut -d, -f1,2,5,8,10,11 >found
cat >expected <<-CSV
	1,参会者1,开源社,2023-10-28 12:00:00,door-1,扫码
	2,"'@参会者2",开源社,2023-10-28 12:00:00,door-1,扫码
	5,参会者5,数据库社区,2023-10-28 12:00:00,door-1,扫码
	3,参会者3,开源社,2023-10-28 12:01:00,door-2,扫码
CSV
sed -E 's/(12:0[01]):[0-9]{2}/\1:00/' found | sort >found.sorted
sort -o expected expected
expect_same "attendance.csv" expected found.sorted
[ "$(tail -n +2 out/conflicts.csv | cut -d, -f1,2,8,13 | sort | tr '\n' ' ')" = "重复 again,2,door-2,door-1 重复 again,5,door-2,door-1 " ] ||
  fail "conflicts.csv: $(cat out/conflicts.csv)"

say "the rosters, as they came"
sed -E 's/(12:0[01]):[0-9]{2}/\1:00/' out/rosters/people.csv >found
printf '\xef\xbb\xbf活动报名表,,\r\n备注,姓名,手机,签到时间,签到点,方式\r\n第一个,参会者1,13800000001,2023-10-28 12:00:00,签到,扫码\r\n"'"'"'=1+1","'"'"'@参会者2",13800000002,2023-10-28 12:00:00,签到,扫码\r\n,参会者3,13800000003,2023-10-28 12:01:00,签到,扫码\r\n,,\r\n"两行\n字",参会者4,13800000004,,,\r\n' >expected
expect_same "people.csv came back otherwise" expected found
iconv -f GB18030 -t UTF-8 out/rosters/more.csv | sed -E 's/12:00:[0-9]{2}/12:00:00/' >found
printf '姓名\t公司\t签到时间\t签到点\t方式\r\n参会者5\t甲\t2023-10-28 12:00:00\t签到\t扫码\r\n参会者6\t乙\t\t\t\r\n' >expected
expect_same "more.csv came back otherwise" expected found

say "the workbook and the report"
if grep -q 参会者 out/report.html; then fail "a name is in the report"; fi
if grep -qE '(src|href)=|url\(' out/report.html; then fail "the report loads something"; fi
for text in 周六聚会 '报名 6 人，到场 4 人，67%' '<b>2</b><span>未到' '每条记录都由签名作证' door-1 door-2; do
  grep -qF "$text" out/report.html || fail "'$text' isn't in the report"
done
if command -v unzip >/dev/null; then
  unzip -p out/attendance.xlsx xl/worksheets/sheet1.xml | grep -oE '>(参会者[0-9]|@参会者2|已到|未到)<' | tr -d '\n' >found
  printf '>参会者1<>已到<>@参会者2<>已到<>参会者3<>已到<>参会者4<>未到<>参会者5<>已到<>参会者6<>未到<' >expected
  expect_same "人员 of the workbook" expected found
  grep -q '>不足 5<' <(unzip -p out/attendance.xlsx xl/worksheets/sheet3.xml) || fail "four people are told to sponsors"
  if grep -q '<f>' <(unzip -p out/attendance.xlsx xl/worksheets/sheet1.xml); then fail "a formula"; fi
fi

say "for one host: its own people alone"
yingbin log merge 1.jsonl 2.jsonl --roster meetup --host tidb -o partner >partner.jsonl 2>partner.log || fail "no merge for a host: $(cat partner.log)"
if grep -qE 'merged|people' <(find partner -type f); then fail "a partner got: $(ls partner)"; fi
[ "$(tail -n +2 partner/attendance.csv | cut -d, -f1,2)" = 5,参会者5 ] || fail "a partner's list: $(cat partner/attendance.csv)"
if grep -rqE '参会者[1-4]' partner; then fail "another host's people are named: $(grep -rE '参会者[1-4]' partner)"; fi
refused 1 另用一个文件夹 'another folder' 1.jsonl --roster meetup --host tidb -o out
refused 1 '没有主办方' 'no host' 1.jsonl --roster meetup --host nobody -o none
refused 2 '需要 --roster' 'takes --roster' 1.jsonl --host tidb -o none
refused 1 'meetup 是文件夹' 'meetup is a folder' meetup -o none

say "what is wrong is named"
sed '4s/"attendee":"/"attendee":"9/' 1.jsonl >changed.jsonl
merge changed changed.jsonl 2.jsonl
expect_problem changed.log 'changed.jsonl:4：签到机 door-1，记录 3：这一行被改动' 'changed.jsonl:4: kiosk door-1, record 3: this line was changed'
[ "$(grep -c '"finding":"tampered"' changed/merged.jsonl)" = 1 ] || fail "not found: $(cat changed/merged.jsonl)"
head -n -1 1.jsonl >cut.jsonl
merge cut cut.jsonl
expect_problem cut.log 'cut.jsonl:[0-9]*：.*断了' 'cut.jsonl:[0-9]*: .*cut off'
echo '{"hello":1}' >other.jsonl
refused 1 'other.jsonl:1：不是' 'other.jsonl:1: not an export' 1.jsonl other.jsonl -o none
refused 1 'missing.jsonl' 'missing.jsonl' missing.jsonl -o none
refused 2 '缺少 -o' 'OUT is missing' 1.jsonl
refused 2 '缺少 FILE' 'FILE is missing' -o none
[ ! -e none/merged.db ] || fail "something came of what failed"

say "purged by the receipt, and the kiosk goes on"
[ ! -e partner/receipt.jsonl ] || fail "a partner got a receipt"
id=$(grep -m 1 '"kind":"scan"' 1.jsonl | field id)
cp -r one kept
code=0 && yingbin log purge --data one --receipt 1.jsonl >purge.out 2>purge.log || code=$?
[ "$code" = 1 ] || fail "exit code $code for what is no receipt"
expect_problem purge.log '不是完整的回执' 'no whole receipt'
yingbin log purge --data one --receipt out/receipt.jsonl >purge.out 2>purge.log || fail "not purged: $(cat purge.log)"
[ "$(field purged <purge.out)/$(field kept <purge.out)" = "$(grep -c '"seq"' 1.jsonl)/0" ] || fail "not all purged: $(cat purge.out)"
grep -qaF "$id" kept/journal.db || fail "the record isn't where it is looked for"
if grep -qaF "$id" one/journal.db*; then fail "a purged record is still there"; fi
code=0 && yingbin log purge --data kept --receipt partner/attendance.csv >/dev/null 2>purge.log || code=$?
[ "$code" = 1 ] || fail "exit code $code for a list"
kiosk_on "files:first once" --set kiosk=door-1 --set data=one --set clock_start=$((noon + 3600000)) >one.lines 2>one.log || fail "the kiosk doesn't go on: $(cat one.log)"
verify_journal one 3.jsonl
merge later 3.jsonl 1.jsonl 2.jsonl
[ "$(field findings <later.told)" = 0 ] || fail "old and new exports aren't one log: $(cat later.log)"

say "a workbook comes back as a workbook"
command -v unzip >/dev/null || skip "there is no unzip"
yingbin new book >/dev/null 2>&1
sed -i 's/^\[roster roster.csv\]/[roster roster.xlsx]/' book/pack.ini
yingbin log merge 1.jsonl --roster book -o book.out >/dev/null 2>book.log || fail "no merge with a workbook: $(cat book.log)"
unzip -p book.out/rosters/roster.xlsx xl/worksheets/sheet1.xml >sheet.xml || fail "no workbook"
for text in 姓名 13800000001 签到时间 签到点 方式 欧阳晓晴; do grep -q ">$text<" sheet.xml || fail "'$text' is missing in the workbook"; done
