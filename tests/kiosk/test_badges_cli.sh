#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Badges: two hundred on a sheet, rendered as a printer would, and each code read by another reader; labels
# and sizes; logos; what no font has is told; made again, every byte is the same.
# shellcheck source=tests/kiosk/lib.sh
. "$(dirname "$0")/lib.sh"

for tool in zbarimg pdftoppm pdfinfo pdftotext pdfimages convert sqlite3; do command -v $tool >/dev/null || skip "there is no $tool"; done

make_event meetup 0
cat >>meetup/pack.ini <<'INI'
[type attendee]
label.zh-Hans = 观众
label.en = Attendee
match = 观众
[type speaker]
label.zh-Hans = 讲师
label.en = Speaker
match = 讲师
colour = #F5D90A
[host kcc]
name.zh-Hans = 城市社区
logo = logo.png
INI
sed -i 's/^event = meetup$/&\nhost = kcc\nstatus.column = status\nstatus.ok = ok\nstatus.no = open/' meetup/pack.ini
convert -size 300x100 xc:'#1F5C57' -define png:exclude-chunks=date,time meetup/logo.png
{
  echo number,name,organization,title,type,status
  cat <<'CSV'
1,𠮷田㛃,北斗开源基金会,副秘书长,讲师,ok
2,阿卜杜热合曼·买买提吐尔逊江,天山开源小组,社区经理,观众,ok
3,一家三口👨‍👩‍👧来开源🇨🇳,海棠社区,,观众,ok
4,Maria-Fernanda Guadalupe Hernández-Villanueva de la Cruz Sol,Free Software Users' Association of the Greater Bay Area,Distinguished Engineer,讲师,ok
5,བསྟན་འཛིན་རྒྱ་མཚོ་,,,观众,ok
6,ئابدۇرەھمان مەمتىمىن,,,观众,ok
CSV
  for ((i = 7; i <= 200; i++)); do echo "$i,参会者$i,第 $i 组,,观众,ok"; done
  echo '201,没付款,,,观众,open'
} >meetup/people.csv

# codes PDF DPI: what zbarimg reads on its pages, sorted
codes() {
  rm -rf pages && mkdir pages
  pdftoppm -r "$2" -gray "$1" pages/p 2>/dev/null
  for page in pages/*; do zbarimg -q --raw -Sdisable -Sqrcode.enable "$page" 2>/dev/null; done | sort
}

say "two hundred"
yingbin badges meetup -o badges.pdf >made.jsonl 2>made.log || fail "no badges: $(cat made.log)"
grep -q '"badges":200,"pages":20,"left_out":1,' made.jsonl || fail "not 200 on 20 pages: $(cat made.jsonl)"
expect_problem made.log 1 '1 people whose sign-up'
[ "$(stat -c %a badges.pdf)" = 600 ] || fail "badges are open to others"
grep -q '595.276 x 841.89 pts (A4)' <(pdfinfo badges.pdf 2>/dev/null) || fail "not A4: $(pdfinfo badges.pdf)"
sqlite3 -csv :memory: '.import meetup/codes.csv c' 'select code from c where length(code) = 16 and cast(number as integer) <= 200' | tr -d '\r' | sort >expected
[ "$(wc -l <expected)" = 200 ] || fail "200 codes were expected in codes.csv"
codes badges.pdf 150 >found
expect_same "what another reader sees at 150 dpi" expected found
pdftotext badges.pdf text 2>/dev/null
for word in 𠮷田㛃 参会者200 'Attendee' 讲师; do grep -qF "$word" text || fail "$word isn't on the badges"; done
grep -q 没付款 text && fail "a badge of who hasn't paid"
[ "$(pdfimages -list badges.pdf 2>/dev/null | awk 'NR > 2 && $3 == "image" {print $11}' | sort -u | wc -l)" -le 3 ] || fail "more pictures than the logos and emoji: is a code one?"

say "again: the same bytes"
yingbin badges meetup -o again.pdf >/dev/null 2>&1 || fail "not made again"
cmp badges.pdf again.pdf || fail "the same people give other bytes"
grep -q 'CreationDate:.*Oct 28 .*2023' <(pdfinfo badges.pdf 2>/dev/null) || fail "a date that isn't the event's: $(pdfinfo badges.pdf)"

say "sizes and labels"
for size in 86x54 A6; do
  yingbin badges meetup -o "$size.pdf" --size $size >/dev/null 2>&1 || fail "no sheets of $size"
  codes "$size.pdf" 150 >found
  expect_same "what another reader sees of $size at 150 dpi" expected found
done
for size in 90x54 86x54 A6; do
  yingbin badges meetup -o "$size.pdf" --size $size --labels --number 1 --number 4 --number 6 >/dev/null 2>&1 || fail "no labels of $size"
  [ "$(codes "$size.pdf" 150 | wc -l)" = 3 ] || fail "not three codes on labels of $size"
  yingbin scan --effort full pages/* | grep -oE '"texts":\["[0-9A-Z]{16}"\]' | sort -u >ours
  [ "$(wc -l <ours)" = 3 ] || fail "our own reader doesn't read the labels of $size: $(cat ours)"
  yingbin badges meetup -o "$size.pdf" --size $size --number 2 --number 3 --number 5 >/dev/null 2>&1 || fail "no sheet of $size"
  [ "$(codes "$size.pdf" 150 | wc -l)" = 3 ] || fail "not three codes on a sheet of $size"
done
yingbin badges meetup -o label.pdf --size 86x54 --labels --number 1 >/dev/null 2>&1
grep -q '243.78[0-9]* x 153.07[0-9]* pts' <(pdfinfo label.pdf 2>/dev/null) || fail "not 86 by 54 mm: $(pdfinfo label.pdf)"

say "words: whole, and of one language where it is asked for"
cp -r meetup words
cat >words/people.csv <<'CSV'
number,name,organization,type,status,party
1,Wolfeschlegelsteinhausenbergerdorffwelch,,观众,ok,1
2,Alex Chen,Kubernetes Special Interest Group Release,讲师,ok,6
CSV
for size in 90x54 86x54 A6; do
  yingbin badges words -o words.pdf --size $size --lang en >/dev/null 2>err || fail "no badges in English: $(cat err)"
  pdftotext words.pdf text 2>/dev/null
  grep -qx Wolfeschlegelsteinhausenbergerdorffwelch text || fail "a word is broken on $size: $(cat text)"
  for word in 'Saturday meetup' 'party of 6' Speaker; do grep -qF "$word" text || fail "$word isn't on $size: $(cat text)"; done
  if grep -P '\p{Han}' text; then fail "Chinese on an English badge of $size"; fi
done
yingbin badges words -o words.pdf --lang zh-Hant >/dev/null 2>&1
pdftotext words.pdf text 2>/dev/null
sed -i 's/ //g' text
for word in 共6人 讲师Speaker; do grep -qF "$word" text || fail "$word isn't on the badges: $(cat text)"; done

say "a code of the smallest size is 12 mm, whatever another platform put into it"
sed -i 's/^number,name/number,name,code/;s/^\([0-9]*\),\([^,]*\),/\1,\2,,/' meetup/people.csv
sed -i "1s/^number,name,/number,name,code/;s/^1,𠮷田㛃,,/1,𠮷田㛃,https:\/\/example.org\/t\/0123456789012345678901234567890123456789,/" meetup/people.csv
sed -i '1s/.*/number,name,code,organization,title,type,status/' meetup/people.csv
yingbin badges meetup -o long.pdf --labels --number 1 >/dev/null 2>long.log || fail "no badge with a foreign code: $(cat long.log)"
pdftoppm -r 254 -gray long.pdf long 2>/dev/null
read -r w h < <(convert long-*.pgm -crop 310x280+585+255 +repage -threshold 50% -trim -format '%w %h\n' info:)
[ "$((w >= 120 && w == h))" = 1 ] || fail "a code of $w x $h tenths of a millimetre"

say "a character that no font has, a logo that is no picture, and what else is wrong"
sed -i 's/^7,参会者7,/7,Ꭰ𞤀,/' meetup/people.csv
yingbin badges meetup -o rare.pdf --number 7 >rare.jsonl 2>rare.log || fail "no badge of a rare name"
build_pack meetup
expect_problem meetup.log 'Ꭰ𞤀（7 号）.*签到机上显示不出来.*U[+]13A0' 'No\. 7.: no font has .*kiosks can.t show them.*U[+]13A0.*U[+]1E900'
[ "$(grep -c "kiosks can't show" meetup.log)" = 1 ] || fail "one name has such characters: $(cat meetup.log)"
expect_problem rare.log 'Ꭰ𞤀（7 号）.*〓.*U[+]13A0' 'No\. 7.: no font has .*U[+]13A0.*U[+]1E900'
yingbin list meetup -o list.pdf >/dev/null 2>list.log || fail "no list with a rare name"
expect_problem list.log 'Ꭰ𞤀（7 号）.*〓.*U[+]13A0' 'No\. 7.: no font has .*U[+]13A0.*U[+]1E900'
sed 's/^title.en = .*/title.en = ᎠMeetup/' meetup/pack.ini >kept.ini && cp kept.ini meetup/pack.ini
yingbin list meetup -o list.pdf --lang en >/dev/null 2>list.log || fail "no list with a rare title"
expect_problem list.log 'pack.ini 里的「ᎠMeetup」.*U[+]13A0' "'ᎠMeetup' in pack.ini: no font has .*U[+]13A0"
wrong() { # CODE CHINESE ENGLISH ARGUMENT...
  local code=0 expected=$1 zh=$2 en=$3
  shift 3
  yingbin badges "$@" >out 2>err || code=$?
  [ "$code" = "$expected" ] || fail "exit code $code for: $*"
  [ -s out ] && fail "something on stdout for: $*"
  expect_problem err "$zh" "$en"
}
echo text >meetup/logo.png
wrong 1 '不是可用的图片' 'no picture' meetup -o none.pdf
yingbin key new k >/dev/null 2>&1
yingbin pack build meetup -o none.ybp --key k.key >out 2>err && fail "a pack with a logo that is no picture"
expect_problem err '不是可用的图片' 'no picture'
[ ! -e none.ybp ] || fail "a pack that was not built"
convert -size 30x10 xc:red meetup/logo.png
wrong 1 没有要印的徽章 'no badges to print' meetup -o none.pdf --number 999
wrong 2 '--size 不能是「A0」.*90x54' '--size can.t be "A0".*90x54' meetup -o none.pdf --size A0
wrong 2 '缺少 -o FILE.pdf' '-o FILE.pdf is missing' meetup
wrong 2 活动文件夹 "event's folder" -o none.pdf
[ ! -e none.pdf ] || fail "a file of badges that were not made"
