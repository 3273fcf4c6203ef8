#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The day when nothing worked: the paper list, typed up, comes into the log beside a kiosk's export; names that
# only the paper knows are sealed, and opened with the organizer's key alone.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

add() { # FILE [ARGUMENT...]
  local file=$1
  shift
  yingbin log add "$file" --roster meetup -o paper.jsonl "$@" >added.jsonl 2>added.log
}
added() { echo "$(field rows <added.jsonl)/$(field added <added.jsonl)/$(field walkins <added.jsonl)/$(field there <added.jsonl)"; }
refused() { # CHINESE ENGLISH LINE...: a list with these lines
  printf '%s\n' "${@:3}" >bad.csv
  local code=0
  yingbin log add bad.csv --roster meetup -o bad.jsonl >bad.out 2>bad.log || code=$?
  [ "$code" = 1 ] || fail "exit code $code for '${*:3}': $(cat bad.log)"
  expect_problem bad.log "$1" "$2"
  [ ! -e bad.jsonl ] || fail "an export of what failed"
}

yingbin key new seal --for seal 2>/dev/null || fail "no key for the seal"
make_event meetup 0
sed -i '/^name = /a seal = ../seal.pub' meetup/pack.ini
printf '姓名,手机\n参会者1,13800000001\n参会者2,13800000002\n参会者3,13800000003\n张伟,13800000004\n张伟,13800000005\n' >meetup/people.csv
build_pack meetup
yingbin tickets meetup -o tickets >/dev/null 2>tickets.log || fail "no tickets: $(cat tickets.log)"
mkdir shown
cp tickets/1.png shown/
kiosk_on "files:shown once" >lines.jsonl 2>kiosk.log || fail "the kiosk failed: $(cat kiosk.log)"
verify_journal data kiosk.jsonl

say "what can't be told apart is named, and nothing is written"
refused '第 2 行：不止一个人.*张伟' 'line 2: more than one person.*张伟' 姓名 张伟
refused '没有这个编号：77' 'no number 77' 编号 77
refused '第 2 行：时间应写成' 'line 2: a time is written' 姓名,时间 参会者1,昨天
refused '没有这个签到点：后门' 'no station 后门' 姓名,签到点 参会者1,后门
refused '人数应是' 'people: a number' 姓名,人数 参会者1,很多
refused 没有标题行 'no headings' 甲,乙
[ ! -e meetup/paper/journal.db ] || fail "a journal of what failed"

say "typed up"
printf '姓名,后四位,签到时间,人数,说明\n参会者2,,9:31,,\n张伟,0005,2023/10/28 9:40:00,,\n参会者1,,12:30,,已经扫过\n参会者3,,,,没记时间\n=临时来的,,10:05,2,\n' >paper.csv
add paper.csv || fail "not added: $(cat added.log)"
[ "$(added)" = 5/5/1/0 ] || fail "not five records, one a walk-in: $(cat added.jsonl)"
expect_problem added.log '不在报名表里' 'on no roster'
if grep -qa 临时来的 paper.jsonl meetup/paper/journal.db*; then fail "a walk-in's name is open"; fi
yingbin log verify paper.jsonl >/dev/null || fail "the export doesn't verify"

say "again, with one row more: only that is new"
echo '张伟,0004,11:00,,' >>paper.csv
add paper.csv || fail "not added: $(cat added.log)"
[ "$(added)" = 6/1/0/5 ] || fail "not one more: $(cat added.jsonl)"

say "merged with the kiosk"
yingbin log merge kiosk.jsonl paper.jsonl --roster meetup -o out >merged.jsonl 2>merged.log || fail "no merge: $(cat merged.log)"
[ "$(field people <merged.jsonl)/$(field conflicts <merged.jsonl)/$(field findings <merged.jsonl)" = 7/1/0 ] || fail "not 7 people: $(cat merged.jsonl)"
tail -n +2 out/attendance.csv | cut -d, -f1,2,8-11 >found
cat >expected <<-CSV
	3,参会者3,2023-10-28 09:00:00,32400.0,paper,纸质名单
	2,参会者2,2023-10-28 09:31:00,900.0,paper,纸质名单
	5,张伟,2023-10-28 09:40:00,900.0,paper,纸质名单
	,（封存 sealed）,2023-10-28 10:05:00,900.0,paper,纸质名单
	4,张伟,2023-10-28 11:00:00,900.0,paper,纸质名单
	1,参会者1,2023-10-28 12:00:00,0.0,kiosk,扫码
CSV
sed -i 's/12:00:[0-9]*/12:00:00/' found
sed -i "s/,kiosk,扫码/,$(head -n 1 kiosk.jsonl | field kiosk),扫码/" expected
expect_same "who came" expected found

say "sealed names are opened with the key"
yingbin log merge kiosk.jsonl paper.jsonl --roster meetup --key seal.key -o opened >merged.jsonl 2>merged.log || fail "no merge: $(cat merged.log)"
grep -qF "现场登记 walk-in,2023-10-28 10:05:00,900.0,paper,,,\"'=临时来的\"" opened/corrections.csv || fail "not opened: $(cat opened/corrections.csv)"
if grep -qa 临时来的 opened/merged.* opened/report.html; then fail "the log tells a sealed name"; fi
code=0 && yingbin log merge paper.jsonl --roster meetup --key org.key -o none >/dev/null 2>err || code=$?
[ "$code" = 1 ] || fail "exit code $code for another key"
expect_problem err 不是一对 'no pair'

say "whose phone is another than on the roster is told to be somebody else"
printf '姓名,后四位\n参会者1,9999\n' >other.csv
add other.csv || fail "not added: $(cat added.log)"
[ "$(added)" = 1/1/1/0 ] || fail "no walk-in: $(cat added.jsonl)"
expect_problem added.log '“参会者1”，但手机号不以 9999 结尾' '“参会者1” is on the roster with a phone that doesn.t end in 9999'
