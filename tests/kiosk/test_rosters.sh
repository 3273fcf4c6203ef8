#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rosters as people save them, by the shipped command: every encoding and workbook of tests/data/rosters
# comes in whole and as the same people, whatever order and file they come back in; and everything that
# is wrong is told at once, with its sheet, row and column, in Chinese and English.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
rosters=$src/tests/data/rosters

expect() { # expect CODE COMMAND...
  local want=$1 got=0
  shift
  "$@" >out.txt 2>err.txt </dev/null || got=$?
  [ "$got" = "$want" ] || fail "exit code $got instead of $want: $* : $(cat err.txt)"
}
has() { grep -qF -- "$1" err.txt || fail "'$1' is missing in: $(cat err.txt)"; }
lacks() { ! grep -qF -- "$1" err.txt || fail "'$1' is in: $(cat err.txt)"; }

fresh() { # fresh [LINE...]: a folder `f`, its roster section with these lines
  rm -rf f
  mkdir f
  cat >f/pack.ini <<-'INI'
	[pack]
	name = rosters
	[event meet]
	title.zh-Hans = 聚会
	starts = 2023-10-21 13:30
	ends = 2023-10-21 18:00
	tz = Asia/Shanghai
	[type attendee]
	match = 观众, 觀眾
	[type guest]
	match = 嘉宾, 貴賓
	[type volunteer]
	match = 志愿者
	[station meet/door]
	kind = entry
	[roster people]
	event = meet
	INI
  printf '%s\n' "$@" >>f/pack.ini
}
use() { # use FILE: it is the roster now
  cp "$rosters/$1" f/
  sed -i "/^file = /d; s|^\[roster people\]|&\nfile = $1|" f/pack.ini
}
build() { yingbin pack build f -o r.ybp --key k.key "$@"; }
expect 0 yingbin key new k

say "every form of one roster is the same people"
fresh
use people.csv
expect 0 build
has 'people.csv: CSV, UTF-8, comma; 5 人 / people'
has '手机 phone=「手机号（必填）」'
has '「备注」'
cp f/codes.csv first
grep -q ',李䶮,013800000003,' first || fail "a leading zero is gone: $(cat first)"
grep -q ',陈𬭚,' first || fail "a rare character is gone: $(cat first)"
grep -q ',欧阳晓晴,13800000002,' first || fail "full-width digits stayed: $(cat first)"
while read -r file says; do
  use "$file"
  expect 0 build
  has "$file"
  has "$says"
  grep -q '"attendees":5' out.txt || fail "$file: $(cat out.txt)"
  cmp -s first f/codes.csv || fail "$file brought other people: $(diff first f/codes.csv)"
done <<'LIST'
utf8.csv CSV, UTF-8, comma
utf8-bom.csv CSV, UTF-8, comma
gb18030.csv CSV, GB18030, comma
gb18030-semicolon.csv CSV, GB18030, semicolon
utf16le-tab.csv CSV, UTF-16LE, tab
utf16be.csv CSV, UTF-16BE, comma
utf16le-no-mark.csv CSV, UTF-16LE, comma
people.xlsx [people]: XLSX
LIST
use gb18030.csv
expect 0 build --encoding GBK
expect 2 build --encoding klingon
has 'gb18030'
expect 1 build --encoding utf-8
has 'D0 D5 C3 FB 不是 UTF-8'
for command in 'tickets f -o enc' 'badges f -o enc.pdf' 'list f -o enc.pdf' 'forget f --number 2' 'pack diff r.ybp r.ybp --roster f'; do
  # shellcheck disable=SC2086 # a command and its arguments
  expect 1 yingbin $command --encoding utf-8
  has 'D0 D5 C3 FB 不是 UTF-8'
  # shellcheck disable=SC2086
  [ "${command%% *}" = forget ] || expect 0 yingbin $command --encoding gb18030
done
# sorted otherwise, with one more column in front
(head -n 1 "$rosters/utf8.csv" && tail -n +2 "$rosters/utf8.csv" | tac) | sed '1s/^/序号,/; 2,$s/^/9,/' >f/utf8.csv
sed -i 's/^file = .*/file = utf8.csv/' f/pack.ini
expect 0 build
cmp -s first f/codes.csv || fail "another order brought other people: $(diff first f/codes.csv)"

say "GBK, which lacks characters of two names: the cells are named"
fresh
use gbk.csv
expect 0 build
has 'gbk.csv: CSV, GB18030, comma; 5 人'
has 'gbk.csv, lines 4, 6, column 1 “姓名”: there is a ? or'
grep -q ',阿卜杜热合曼·买买提吐尔逊江,13800000004,' f/codes.csv || fail "$(cat f/codes.csv)"

say "family and given names in two columns"
fresh
use parts.csv
expect 0 build
has '姓 family=「姓」 名 given=「名」'
cp f/codes.csv first
for name in 欧阳晓晴 陈𬭚 'María Hernández' '丙 Σ'; do grep -q ",$name,0\?138" first || fail "no $name: $(cat first)"; done
for file in parts-quoted.csv parts-gb18030-tab.csv parts-utf16le.csv parts.xlsx; do
  use "$file"
  expect 0 build
  cmp -s first f/codes.csv || fail "$file brought other people: $(diff first f/codes.csv)"
done

say "Traditional Chinese, in Big5"
fresh 'status.ok = 已付款' 'status.no = 待審核'
use big5.csv
expect 0 build
has 'CSV, Big5, comma; 2 人'
grep -q ',張三豐,0912345678,' f/codes.csv || fail "$(cat f/codes.csv)"

say "a workbook as people make them"
fresh
use book.xlsx
expect 0 build
has 'book.xlsx [名单]: XLSX; 3 人'
has '手机 phone=「手机」 邮箱 email=「邮箱」'
has 'only the first sheet “名单” was read, not “第二批”'
has 'hidden sheets were not read: “旧名单”'
has 'line 6: the rows are hidden'
has 'book.xlsx [名单], line 5, column 7 (G5) “座位”: the cell is a date'
expect 0 yingbin tickets f -o tickets --as svg
grep -aq '^1,张三,13800000001,zhang@example.org,00012345,' tickets/tickets.csv || fail "$(cat tickets/tickets.csv)"
grep -aq '^2,欧阳晓晴,13800000002,,00012346,' tickets/tickets.csv || fail "leading zeros: $(cat tickets/tickets.csv)"
grep -aq '^3,小鹿🎉𬭚,13800000003,,"BEGIN:VCARD$' tickets/tickets.csv || fail "line breaks of a code: $(cat tickets/tickets.csv)"
printf '[roster second]\nfile = book.xlsx\nsheet = 第二批\nevent = meet\n' >>f/pack.ini
expect 0 build
has 'book.xlsx [第二批]: XLSX; 1 人'
grep -q '"attendees":4' out.txt || fail "$(cat out.txt)"
sed -i 's/^sheet = .*/sheet = 第三批/' f/pack.ini
expect 1 build
has '没有名为“第三批”的工作表。有：“名单”, “第二批”; hidden: “旧名单”'

say "bytes that don't fit: every place, beside what else is wrong"
put_bytes() { fresh 'file = r.csv' && printf '%b' "$1" >f/r.csv; }
put_bytes '姓名,手机\n张\xff三,1\n,2\n李四,3\n王\xe4\xbd,4\n'
expect 1 build
has '第 2 行，“张”之后（第 18 字节）：FF 不是 UTF-8'
has 'line 5, behind “王” (byte 40 of the file): E4 BD is not UTF-8'
has 'line 3, column 1: the name is empty'

say "what isn't a roster is named"
cp "$rosters/book.fods" renamed.csv
fresh 'file = ../renamed.csv'
expect 1 build
has 'an XML table of LibreOffice (.fods)'
for file in old.xls people.ods; do
  fresh
  use "$file"
  expect 1 build
  has "$file"
  has '*.xlsx'
done
fresh
printf '\x89PNG\r\n\x1a\n0000000' >f/r.xlsx
printf 'file = r.xlsx\n' >>f/pack.ini
expect 1 build
has '这是PNG 图片，不是名单'

put() { # put TEXT [LINE...]: a CSV of this text is the roster
  local text=$1
  shift
  fresh 'file = r.csv' "$@"
  printf '%b' "$text" >f/r.csv
}
say "titles above the headings, sep=, empty rosters"
put '2023 报名表\n共 2 人,,\n姓名,手机,\n张三,1,\n李四,2,\n'
expect 0 build
has '2 人'
put 'sep=;\n姓名;手机\n张三;1\n'
expect 0 build
has 'semicolon; 1 人'
put '姓名,手机\n'
expect 1 build
has 'r.csv 第 1 行的标题下面没有人'
[ ! -e r.ybp.problems.txt ] || fail "a file of problems for one problem"

say "numbers that Excel has rewritten"
put '姓名,手机,票号\n张三,1.38E+10,T1\n李四,13800000002,1.10101E+17\n'
expect 1 build
has 'r.csv 第 2 行第 2 列：手机 是 1.38E+10'
has 'r.csv, line 3, column 3: number is 1.10101E+17'

say "hidden characters and formulas"
put '姓名,公司\n张\u202e三,=HYPERLINK(1)\n李\a四,x\n王?,x\n'
expect 0 build
has 'r.csv 第 2 行第 1 列「姓名」：有改变文字方向的隐藏字符'
has 'r.csv, line 3, column 1 “姓名”: control characters'
has 'line 4, column 1 “姓名”: there is a ? or'
! grep -q $'\u202e' f/codes.csv || fail "the override is in codes.csv"
put '姓名,手机\n=1+1,1\n'
expect 0 build
grep -q "^person,1,[^,]*,meet,people,\"'=1+1\"," f/codes.csv || fail "a formula in codes.csv: $(cat f/codes.csv)"
cp f/codes.csv kept
expect 0 build
cmp -s kept f/codes.csv || fail "a second build knew the formula's person as another: $(cat f/codes.csv)"

say "statuses and types that pack.ini doesn't know, once each, with their rows"
put '姓名,手机,状态\n甲,1,已付款\n乙,2,待定\n丙,3,待定\n丁,4,取消\n戊,5,\n' 'status.ok = 已付款' 'status.no = 取消'
expect 1 build
has 'r.csv 第 3、4 行第 3 列：“待定” 这个状态 pack.ini 里没有'
lacks '取消”'
sed -i 's/^status.no = .*/status.no = 取消, 待定/' f/pack.ini
expect 0 build
has '第 6 行：没有状态'
put '姓名,状态\n甲,已付款\n'
expect 1 build
has 'r.csv, line 1, column 2: there is a status column “状态”, but no status.ok'
put '姓名,状态\n甲,已付款\n' 'status.ok = *'
expect 0 build
put '姓名,票种\n甲,VVIP\n乙,观众\n丙,VVIP\n'
expect 1 build
has 'r.csv, lines 2, 4, column 2: “VVIP” is a ticket type that no [type] section matches'

say "all problems in one run: fifty on the screen, all of them in a file"
put "$(printf '姓名,手机\\n' && for i in $(seq 80); do printf ',%d\\n' "$i"; done)"
expect 1 build
[ "$(grep -c 'the name is empty' err.txt)" = 50 ] || fail "$(grep -c 'the name is empty' err.txt) were shown"
has 'and 30 more; all of them are in r.ybp.problems.txt'
[ "$(grep -c 'the name is empty' r.ybp.problems.txt)" = 80 ] || fail "the file lacks some"
[ "$(stat -c %a r.ybp.problems.txt)" = 600 ] || fail "the problems are open to others"
expect 1 yingbin forget f --number 1
[ "$(grep -c 'the name is empty' err.txt)" = 50 ] || fail "forget doesn't tell all: $(cat err.txt)"
put '姓名,手机\n甲,1\n'
expect 0 build
[ ! -e r.ybp.problems.txt ] || fail "a good build leaves the problems of the bad one"

put '姓名,手机,签到码,票种,人数\n张三,1,A1,VVIP,1\n张三,1,A2,观众,x\n李四,2,A1,观众,1\n王五,1.38E+10,A4,观众,1\n'
expect 1 build
for one in 'line 5, column 2: phone is 1.38E+10' '“VVIP” is a ticket type' 'line 3, column 5: the party size' \
  'line 4, column 3: the code is that of r.csv, line 2'; do has "$one"; done
put '姓名,手机,签到码,票种\n张三,1,A1,VVIP\n张三,1,A2,观众\n李四,2,A1,观众\n'
expect 1 build
for one in 'lines 2 and 3 can'"'"'t be told apart' 'line 4, column 3: the code is that of r.csv, line 2' '“VVIP” is a ticket type'; do has "$one"; done
lacks 'may be more than one person'

say "a person on two rosters is told"
put '姓名,手机,公司\n张三,1,甲\n李四,2,乙\n'
printf '[roster s.csv]\nevent = meet\n' >>f/pack.ini
printf '名字,电话,邮箱\n李四,2,li@example.org\n王五,3,\n' >f/s.csv
expect 0 build
has 's.csv: 其中 1 人也在前面的名单里'
grep -q '^2,r.csv,3,李四,乙,s.csv,2,李四,,手机 phone,.$' f/merged.csv || fail "$(cat f/merged.csv)"
lacks 'merged.csv, column differ'
printf '名字,电话,公司,票种,状态\n李四,2,丙,嘉宾,取消\n王五,3,,,付\n张三,1,甲,,付\n' >f/s.csv
printf 'status.ok = 付\nstatus.no = 取消\n' >>f/pack.ini
sed -i '1s/$/,票种/; 2s/$/,观众/; 3s/$/,观众/' f/r.csv
expect 0 build
has 's.csv: of these, the two rosters say different things about 1 (type, seat and the like)'
grep -q '^2,.*,手机 phone,"票种 type: attendee / guest; 单位 organization: 乙 / 丙; 状态 status: 放行 let in / 不放行 not let in' f/merged.csv || fail "$(cat f/merged.csv)"
grep -q '^1,.*,手机 phone,.$' f/merged.csv || fail "$(cat f/merged.csv)"

say "dates of another year"
put '姓名\n张三\n'
sed -i 's/^match = 观众, 觀眾/&\nvalid = 2023-10-21, 2022-10-21/; s/^kind = entry/&\nopens = 2024-10-21 12:00\ncloses = 2024-10-21 19:00/' f/pack.ini
expect 0 build
has 'pack.ini 第 10 行：valid = 2022-10-21：那天没有活动'
has 'opens = 2024-10-21 12:00: it isn'"'"'t during the event'
has 'meet began on 2023-10-21 and was over long ago. Is the year right?'
