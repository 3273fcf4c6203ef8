#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A conference of three hosts, whose rosters come in GB18030, UTF-8 with semicolons and as a workbook, and everything that can be
# wrong with its logs at once: a cloned card, a gap, a cut file, a changed line, records of a kind that nobody knows, a kiosk that
# nobody enrolled, one whose clock nobody vouches for, a walk-in whose code a later pack knows, paper. All that comes out says the
# same, in any order of the files; and a host gets its own people alone.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"
for tool in unzip sqlite3 convert iconv; do command -v $tool >/dev/null || skip "$tool is missing"; done

say "three rosters, two kiosks and a clone of one, lunch, paper"
yingbin key new seal --for seal 2>/dev/null || fail "no key for the seal"
yingbin key new org 2>/dev/null || fail "no key"
yingbin new book >/dev/null 2>&1 || fail "no template"
mkdir conf conf/a
cat >conf/pack.ini <<-INI
	[pack]
	name = conf
	seal = ../seal.pub
	[event conf]
	title.zh-Hans = 开源年会
	starts = 2023-10-28 09:00
	ends = 2023-10-29 18:00
	tz = Asia/Shanghai
	[host kcc]
	name.zh-Hans = 开源社
	[host tidb]
	name.zh-Hans = 数据库社区
	[host gold]
	name.zh-Hans = 金牌赞助
	[type all]
	label.zh-Hans = 观众
	match = 观众
	[type speaker]
	label.zh-Hans = 讲师
	match = 讲师
	[roster people.csv]
	event = conf
	host = kcc
	[roster a/people.csv]
	event = conf
	host = tidb
	[roster roster.xlsx]
	event = conf
	host = gold
	status.ok = 已通过
	status.no = 待审核
	[station conf/door]
	kind = entry
	label.zh-Hans = 大门
	times = daily
	again = welcome
	walkin = self
	[station conf/lunch]
	kind = redeem
	label.zh-Hans = 午餐
	times = daily
	again = stop
	closes = 13:30
	[station conf/forum]
	kind = session
	label.zh-Hans = 论坛
	times = every
INI
{ echo '票号,姓名,手机,票种,人数' && for ((i = 1; i <= 9; i++)); do echo "K$i,开源$i号,1370000000$i,$([ $i -le 6 ] && echo 观众 || echo 讲师),$((i == 3 ? 2 : 1))"; done; } | iconv -f UTF-8 -t GB18030 >conf/people.csv
printf '\xef\xbb\xbf社区报名表;;\r\n姓名;手机;票种\r\n数据1;13900000001;观众\r\n数据2;13900000002;观众\r\n开源1号;13700000001;讲师\r\n' >conf/a/people.csv
cp book/roster.xlsx conf/
build_pack conf # 1 to 9 are kcc's, 1 tidb's, too, and a speaker there, 10 and 11 tidb's, 12 to 14 gold's
yingbin tickets conf -o tickets --all >/dev/null 2>tickets.log || fail "no tickets: $(cat tickets.log)"
[ "$(field attendees <conf.built)" = 14 ] || fail "not 14 people: $(cat conf.built conf.log)"

at() { # KIOSK STATION MINUTES CLOCK PACK TICKET...: guests of a kiosk, so many minutes after noon
  local name=$1 station=$2 minutes=$3 clock=$4 pack=$5
  shift 5
  rm -rf shown && mkdir shown
  local n=100 ticket
  for ticket; do cp "$ticket" "shown/$((n++)).png"; done
  kiosk_on "files:shown once" --set pack="$pack" --set kiosk="$name" --set data="$name" --set station="$station" --set clock="$clock" \
    --set clock_start=$((noon + minutes * 60000)) >>"$name.lines" 2>"$name.log" || fail "$name failed: $(cat "$name.log")"
}
t() { printf 'tickets/%s.png\n' "$@"; }
mapfile -t first < <(t 1 2 3 4 5 10 12)
mapfile -t second < <(t 2 6 7 11 13 10)
at door-1 conf/door 0 stream conf.ybp "${first[@]}"
at door-2 conf/door 10 stream conf.ybp "${second[@]}"
cp -r door-1 clone
mapfile -t third < <(t 8)
at door-1 conf/door 60 stream conf.ybp "${third[@]}"
mv door-1 kept && mv clone door-1
mapfile -t fourth < <(t 8 9)
at door-1 conf/door 61 stream conf.ybp "${fourth[@]}"
mv door-1 clone && mv kept door-1
mapfile -t eaters < <(t 1 2 10)
at lunch conf/lunch $((9 * 60)) adrift conf.ybp "${eaters[@]}"
at noon conf/lunch 5 stream conf.ybp tickets/3.png
at door-2 conf/door $((24 * 60)) stream conf.ybp tickets/1.png

say "a stranger lets themselves in, and is on the next pack"
mkdir code
"$bin/make_picture" code STRANGER00000001
mv code/grey.png stranger.png
convert -size 400x400 xc:white white.png
away=(white.png white.png white.png white.png white.png)
"$bin/make_y4m" 26 stranger.png "${away[@]}" stranger.png "${away[@]}" >stranger.y4m
kiosk_on "y4m:stranger.y4m once" --set pack=conf.ybp --set kiosk=walk --set data=walk --set station=conf/door >walk.lines 2>walk.log || fail "walk failed: $(cat walk.log)"
grep -q '"verdict":"admit"' walk.lines || fail "the stranger wasn't let in: $(cat walk.lines)"
printf '姓名,手机,票种,码\n后来人,13500000001,观众,STRANGER00000001\n' >conf/late.csv
printf '[roster late.csv]\nevent = conf\nhost = tidb\ncolumns.code = 码\n' >>conf/pack.ini
yingbin pack build conf -o later.ybp --key org.key >/dev/null 2>later.log || fail "no later pack: $(cat later.log)"
at forum conf/forum 120 stream later.ybp stranger.png tickets/1.png
printf '姓名,签到时间,签到点,人数,说明\n纸上来的,2023-10-28 13:00,大门,2,有人带\n,2023-10-28 13:05,大门,3,\n开源5号,2023-10-28 12:30,大门,,\n' >paper.csv
yingbin log add paper.csv --roster conf -o paper.jsonl >/dev/null 2>paper.log || fail "no paper: $(cat paper.log)"

for data in door-1 clone door-2 lunch noon walk forum; do verify_journal $data $data.jsonl; done
key() { head -n 1 "$1" | field key; }
printf 'kiosk,token,key\n' >conf/kiosks.csv
for kiosk in door-1 door-2 lunch noon walk forum; do echo "$kiosk,,$(key $kiosk.jsonl)" >>conf/kiosks.csv; done
sed '4s/"attendee":"[0-9]*"/"attendee":"14"/' door-2.jsonl >changed.jsonl
yingbin log export --data noon --from 3 -o gap.jsonl >/dev/null 2>&1 || fail "no export from 3 on"
head -n -1 forum.jsonl >cut.jsonl
mkdir dancer thief
"$bin/make_export" dancer dancer '{"seq":1,"id":"00000000000000000000000000000001","kind":"dance","kiosk":"dancer","event":"conf","attendee":"14","verdict":"admit","steps":[1,{"to":"<b>left</b>"}]}' >dancer.jsonl
four=$(grep '"attendee":"4"' door-1.jsonl | field id)
"$bin/make_export" thief '<i>thief</i>' '{"seq":1,"id":"00000000000000000000000000000002","kind":"undo","kiosk":"thief","event":"conf","station":"conf/door","operator":"=2+2","ref":"'"$four"'","boot":"b","mono_ms":5,"wall":"2023-10-28T05:00:00.000Z","wall_ok":true,"note":"'"$(printf '很长%.0s' {1..400})"'"}' >thief.jsonl

say "any order: the same bytes"
all=(door-1.jsonl clone.jsonl door-2.jsonl changed.jsonl lunch.jsonl gap.jsonl walk.jsonl cut.jsonl paper.jsonl dancer.jsonl thief.jsonl)
merge() { # OUT ARGUMENT...
  local out=$1
  shift
  yingbin log merge "$@" --roster conf -o "$out" >"$out.told" 2>"$out.log" || fail "no merge: $(cat "$out.log")"
}
back=()
for file in "${all[@]}"; do back=("$file" "${back[@]}"); done
merge out "${all[@]}" --key seal.key
merge again "${back[@]}" door-1.jsonl --key seal.key
diff -r out again >&2 || fail "another order, other bytes"

say "what is wrong is told"
sqlite3 out/merged.db 'SELECT kind, k.kiosk, from_seq, to_seq, note FROM finding f JOIN kiosk k ON k.id = f.kiosk ORDER BY 1, 2, 3' >found
cat >expected <<-'FINDINGS'
	clock|dancer|1|1|
	clock|lunch|1|4|
	cut|forum|5|5|
	fork|door-1|10|10|
	gap|noon|1|2|
	tampered|door-2|3|3|whole
	unenrolled|<i>thief</i>|0|0|
	unenrolled|dancer|0|0|
	unsigned|forum|1|4|
FINDINGS
expect_same "findings" expected found
expect_problem out.log '签到机 door-1（[0-9a-f]{8}）：第 10 条处分叉：同一把密钥有两份日志' 'kiosk door-1 \([0-9a-f]{8}\): record 10: a fork: two logs of one key'
expect_problem out.log '签到机 noon.*第 1–2 条缺失' 'kiosk noon.*records 1 to 2: missing'
expect_problem out.log '签到机 dancer.*未登记' "kiosk dancer.*isn't enrolled"
[ "$(grep -c '"kind":"dance"' out/merged.jsonl)" = 1 ] || fail "a record of an unknown kind is lost"
cut -d, -f1,3,4,8 out/conflicts.csv | tail -n +2 | sort >found
cat >expected <<-'CONFLICTS'
	复核 unconfirmed：已结束（时间不确定 time not sure）,开源1号,conf,lunch
	复核 unconfirmed：已结束（时间不确定 time not sure）,开源2号,conf,lunch
	复核 unconfirmed：已结束（时间不确定 time not sure）,数据1,conf,lunch
	撤销未生效 undo without effect,开源4号,conf,<i>thief</i>
	重复 again,开源2号,conf,door-2
	重复 again,开源5号,conf,paper
	重复 again,开源8号,conf,door-1
	重复 again,数据1,conf,door-2
CONFLICTS
sort -o expected expected
expect_same "conflicts" expected found
grep -q "^撤销 undo,.*,<i>thief</i>,\"'=2+2\",4,开源4号,大门,.*很长；签到机未登记，不能改" out/corrections.csv || fail "the thief isn't marked: $(cat out/corrections.csv)"
grep -q '^4,开源4号,' out/attendance.csv || fail "a kiosk that nobody enrolled took somebody back: $(cat out/attendance.csv)"
iconv -f UTF-8 -t UTF-8 out/corrections.csv >/dev/null || fail "half a character"
grep -q ',纸上来的,大门,2,,,有人带' out/corrections.csv || fail "no name by the organizer's key: $(cat out/corrections.csv)"
[ "$(grep -c '后来人' out/attendance.csv)" = 2 ] || fail "the stranger's code is nobody's: $(cat out/attendance.csv)"

say "all outputs say the same"
sheet() { # FILE NUMBER: a line a row, A=text|B=text|...
  unzip -p "$1" "xl/worksheets/sheet$2.xml" | sed 's/<\/row>/\n/g' |
    sed -E 's/<c r="([A-Z]+)[0-9]+"[^>]*>(<is><t[^>]*>([^<]*)<\/t><\/is>|<v>([^<]*)<\/v>)<\/c>/|\1=\3\4|/g; s/<[^>]*>//g' | grep '|' || true
}
ask() { sqlite3 out/merged.db "$1"; }
same() { # WHAT A B
  [ "$2" = "$3" ] || fail "$1: $2 and $3"
}
sum() { awk '{ n += $1 } END { print n + 0 }'; }
cells() { sed -nE "s/.*\|$1=([0-9]+)\|.*/\1/p"; } # COLUMN
sheet out/attendance.xlsx 1 >people
sheet out/attendance.xlsx 2 >meals
sheet out/attendance.xlsx 3 >sponsors
arrived=$(sed -nE 's/.*<div class="large">([0-9]+)<.*/\1/p' out/report.html)
known=$(sed -nE 's/.*到场 ([0-9]+) 人，.*/\1/p' out/report.html)
missing=$(sed -nE 's/.*<b>([0-9]+)<\/b><span>未到.*/\1/p' out/report.html)
same "rows of attendance.csv and records that count" "$(tail -n +2 out/attendance.csv | wc -l)" "$(ask "SELECT count(*) FROM record WHERE ruling = 'counts'")"
same "lines of merged.jsonl" "$(grep -c '"ruling":"counts"' out/merged.jsonl)" "$(ask "SELECT count(*) FROM record WHERE ruling = 'counts'")"
same "people of attendance.csv and as told" "$(tail -n +2 out/attendance.csv | cut -d, -f13 | sum)" "$(field people <out.told)"
sed -nE 's/.*<figcaption>([0-9-]+)　当天到场 ([0-9]+) 人（[^）]*），其中首次来的 ([0-9]+) 人.*/\1 \2 \3/p' out/report.html >found
printf '2023-10-28 %s %s\n2023-10-29 1 0\n' "$arrived" "$arrived" >expected
expect_same "a curve a day: who comes on both is in both" expected found
same "rows of conflicts.csv and the report" "$(tail -n +2 out/conflicts.csv | wc -l)" "$(sed -nE 's/.*<b>([0-9]+)<\/b><span>重复或待复核.*/\1/p' out/report.html)"
same "人数 of 人员 and the report" "$(cells H <people | sum)" "$arrived"
same "who has come, of the rosters" "$(grep '|G=已到|' people | grep -vcE '\|D=(现场登记|不在报名表)\|')" "$known"
same "who hasn't" "$(grep -c '|G=未到|' people)" "$missing"
same "everybody is somewhere" "$((known + missing))" 15
same "meals" "$(tail -n +2 meals | cells E | sum)" "$(ask "SELECT sum(people) FROM record WHERE ruling = 'counts' AND station = 'conf/lunch'")"
same "票种 for sponsors are all who came" "$(grep '|B=票种|' sponsors | cells D | sum)" "$arrived"
same "and so is 合计" "$(grep '|B=到场|' sponsors | cells D)" "$arrived"
if grep -qE '\|D=[0-4]\|' sponsors; then fail "a cell under five: $(cat sponsors)"; fi
filled() { grep -cE '[,;][0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}[,;]'; }
same "the first roster" "$(iconv -f GB18030 -t UTF-8 out/rosters/people.csv | filled)" "$(grep '|G=已到|' people | grep -c '|E=[^|]*开源社')"
same "the second roster, of the same file name" "$(($(filled <out/rosters/people-2.csv) + $(filled <out/rosters/late.csv)))" "$(grep '|G=已到|' people | grep -c '|E=[^|]*数据库社区')"
same "the workbook" "$(sheet out/rosters/roster.xlsx 1 | grep -cE '\|J=2023-10-28 ')" "$(grep '|G=已到|' people | grep -c '|E=[^|]*金牌赞助')"
same "its columns" "$(sheet out/rosters/roster.xlsx 1 | sed -n 1p)" "|A=姓名||B=手机||C=邮箱||D=单位||E=职位||F=票种||G=座位||H=人数||I=状态||J=签到时间||K=签到点||L=方式|"
printf '\xef\xbb\xbf社区报名表;;\r\n姓名;手机;票种;签到时间;签到点;方式\r\n数据1;13900000001;观众;2023-10-28 12:00:00;大门;扫码\r\n数据2;13900000002;观众;2023-10-28 12:10:00;大门;扫码\r\n开源1号;13700000001;讲师;2023-10-28 12:00:00;大门;扫码\r\n' >expected
sed -E 's/(12:[01]0):[0-9]{2}/\1:00/' out/rosters/people-2.csv >found
expect_same "a roster with semicolons" expected found

for n in 1 2 3; do
  unzip -p out/attendance.xlsx "xl/worksheets/sheet$n.xml" >sheet.xml
  grep -q '<autoFilter ref="A1:.*<pageSetup paperSize="9"[^>]* fitToHeight="0"' sheet.xml || fail "sheet $n isn't to be sorted, or printed on A4"
done

say "without the key, names stay sealed"
merge sealed "${all[@]}"
if grep -rq 纸上来的 sealed; then fail "a sealed name is open"; fi
grep -q '（封存 sealed）' sealed/attendance.csv || fail "it isn't said that there is one"

say "for one host: of the others neither name nor number"
others() { # HOST PATTERN OWN...
  local host=$1 pattern=$2 name
  merge "for-$host" "${all[@]}" --key seal.key --host "$host"
  mkdir -p "open-$host/rosters"
  while IFS= read -r book; do unzip -qo "for-$host/$book" -d "open-$host/$book"; done < <(cd "for-$host" && find . -name '*.xlsx')
  if grep -rlaE "$pattern" "for-$host" "open-$host" >&2; then fail "$host was told of others"; fi
  shift 2
  for name; do grep -q "$name" "for-$host/attendance.csv" || fail "$host's $name is missing"; done
}
others gold '开源[0-9]|数据[0-9]|后来人|纸上|1370000|1390000|1350000' 张三 欧阳晓晴
others tidb '开源[2-9]|张三|欧阳|阿卜|纸上|1370000000[2-9]|1380000' 数据1 开源1号 后来人
others kcc '数据[0-9]|后来人|张三|欧阳|阿卜|纸上|1390000|1380000|1350000' 开源1号
type_of() { # OUT TYPE: what OUT says number 1 is, who is on two hosts' rosters
  grep "^1," "$1/attendance.csv" >ones || fail "$1 has no number 1"
  if grep -v "^1,开源1号,[^,]*,$2," ones >&2; then fail "$1 says another type of number 1"; fi
  sheet "$1/attendance.xlsx" 1 >ones
  grep -q "^|A=1|.*|D=$2|" ones || fail "the workbook in $1 says another type of number 1: $(cat ones)"
}
type_of out 观众
type_of for-kcc 观众
type_of for-tidb 讲师
code=0 && yingbin log merge "${all[@]}" --roster conf --host gold -o for-tidb >/dev/null 2>refused.log || code=$?
[ $code = 1 ] || fail "another host's folder was taken: $code"
expect_problem refused.log '以前留在那里的' 'was there before'
